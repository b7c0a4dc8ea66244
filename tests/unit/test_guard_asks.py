"""Replies do not ask for personal data in public, and never for a secret."""

import pytest

from bot.core.guard_asks import demands
from bot.core.plaintext import fold

ASKS = """
Envíanos tu correo, por favor.
¿Nos das tu teléfono?
Déjanos aquí tu número de pedido.
¿Cuál es tu dirección?
Necesitamos tu DNI para revisarlo.
Indíquenos su número de pasaporte.
Pasanos tu mail y lo vemos.
¿Tu correo?
Facilítanos un teléfono de contacto.
Responde con tu código postal y tu email.
Díganos su NIE y fecha de nacimiento.
No dudes en enviarnos tu correo.
Mandadnos vuestra dirección.
¿Podrías decirnos tu fecha de nacimiento?
Please send us your email.
What's your phone number?
Can we have your order number?
Please share your address here.
Reply with your date of birth.
Let us know your booking reference.
We need your passport number.
Could you confirm your email address?
Leave your phone number below.
Tell us your full name and postcode.
Don't hesitate to send us your email.
Drop your mobile number in the comments.
Give us an email address we can reach you at.
""".strip().splitlines()

ASKS_FOR_A_SECRET = """
Dinos tu contraseña y lo arreglamos.
Envíanos por privado el número de tu tarjeta.
Confirma tu PIN por mensaje privado.
Necesitamos el CVV de la tarjeta.
Mándanos la clave de acceso.
Indique su código de verificación.
Please tell us your password.
DM us your card number.
We need your PIN and CVV.
Share your security code with us by private message.
Send us a photo of your credit card.
Can you confirm your card details?
Enter your passcode here
""".strip().splitlines()

HARMLESS = """
Escríbenos por mensaje privado y lo vemos.
Envíanos por mensaje privado tu número de pedido.
Escríbenos a nuestro correo.
Llámanos al teléfono que aparece en la web.
No compartas aquí tu teléfono.
Nunca te pediremos tu contraseña.
No publiques tu número de tarjeta.
Te hemos enviado un correo con los detalles.
¿Has recibido nuestro correo?
Nuestra dirección es Calle Mayor, 3.
Cuéntanos qué te pareció.
Comparte tu experiencia con nosotros.
¿Pagaste con tarjeta o en efectivo?
Dinos si tu correo llegó bien.
Reinicia tu móvil y prueba otra vez.
Puedes cambiar tu contraseña en Ajustes.
Hemos respondido a tu correo.
Por tu seguridad, no dejes datos personales aquí.
Envíanos tus ideas cuando quieras.
Please send us a private message.
Send us your order number by private message.
Email us at help@brand.example.
Never share your password with anyone.
We will never ask for your PIN.
We sent the details to your email.
Our address is 3 High Street.
Thanks for your comment, we will address your concern.
Share your experience with us.
Please don't post your phone number here.
You can change your password in Settings.
Tell us which phone you have.
We have your email on file.
You need your passport to travel.
Did you pay by card or cash?
Tell us more about your order.
A number of customers told us the same.
Please check your email.
You can show your boarding card at the gate.
""".strip().splitlines()


@pytest.mark.parametrize("text", ASKS)
def test_a_demand_for_personal_data_is_found(text: str) -> None:
    found = demands(fold(text))
    assert any(not demand.private_channel for demand in found)
    assert not any(demand.secret for demand in found)


@pytest.mark.parametrize("text", ASKS_FOR_A_SECRET)
def test_a_demand_for_a_secret_is_one_even_when_a_private_channel_is_named(text: str) -> None:
    assert any(demand.secret for demand in demands(fold(text)))


@pytest.mark.parametrize("text", HARMLESS)
def test_naming_a_channel_of_ours_or_denying_is_no_demand(text: str) -> None:
    assert not [demand for demand in demands(fold(text)) if demand.secret or not demand.private_channel]


def test_the_passage_that_asks_is_shown() -> None:
    assert demands(fold("Hola, Ana. Envíanos tu correo, por favor."))[0].words == "envianos tu correo"
