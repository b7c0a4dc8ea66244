"""No reply may threaten to delete, hide or block; saying that we do not, or deleting something else, is fine."""

import pytest

from bot.core.guard_deletion import deletion_threat
from bot.core.plaintext import fold

THREATS_ES = """
Si sigues así, borraremos tu comentario.
Te bloquearemos.
O te callas o te bloqueamos.
Tu comentario será eliminado.
Los comentarios ofensivos serán borrados.
No dudaremos en borrar su reseña.
Si no lo retiras, lo eliminaremos.
Hemos ocultado tu comentario por faltar al respeto.
Nos reservamos el derecho de eliminar mensajes ofensivos.
Se eliminarán los comentarios con insultos.
Procederemos a bloquear a los usuarios que insulten.
Si seguís así os vamos a banear.
Che, si seguís así te vamos a bloquear.
No nos obligues a borrar tu mensaje.
Borramos los comentarios negativos.
Bloquearemos tu cuenta si sigues.
Acabaremos borrando tu comentario
Usted será bloqueado de esta página.
Otro insulto y te bloqueo.
Podemos borrar tu opinión cuando queramos.
Tendré que ocultar su comentario.
Borra tu comentario o lo haremos nosotros.
Sigue así y tu comentario desaparecerá.
Vamos a tener que quitarlo: tu comentario no cumple las normas.
""".strip().splitlines()

THREATS_EN = """
Vamos a eliminar este comentario.
Nos veremos obligados a bloquearle.
Quedas bloqueado.
Vas a ser bloqueado.
We will delete your comment.
We'll block you if you continue.
Stop it or we will hide your comments.
Your comment will be removed.
You will be blocked.
Keep it up and you'll get banned.
Don't make us delete your post.
We reserve the right to remove comments.
Offensive comments will be deleted.
I'm going to block you.
We have hidden your review.
We won't hesitate to block you.
Consider yourself blocked.
We may have to take down your comment.
We are deleting your comment.
If you don't stop we will block you.
Comments like this get deleted.
Delete it or we will.
We have no choice but to ban you.
We can hide, mute or delete your comment at any time.
We're blocking your account.
Your comment is going to be deleted.
We'd hate to remove your comment, but we will.
""".strip().splitlines()

HARMLESS_ES = """
Nunca borramos comentarios.
No borramos comentarios, ni siquiera los críticos.
No hemos borrado tu comentario.
Tu comentario no será eliminado.
Hemos eliminado el cargo duplicado.
El cargo duplicado lo eliminaremos hoy.
Gracias por tu comentario. El cobro duplicado ya lo hemos eliminado.
No ocultamos, borramos ni bloqueamos comentarios.
No te vamos a bloquear por opinar.
Jamás bloqueamos a nadie por una crítica.
Por tu seguridad, puedes borrar el comentario con tu teléfono.
Aquí no se borra ningún comentario.
Hemos bloqueado tu tarjeta como pediste.
Puedes eliminar la app y volver a instalarla.
Quitamos el gluten de la receta.
Para borrar la caché, entra en Ajustes.
Instagram ha ocultado tu comentario, no hemos sido nosotros.
Preferimos responder en vez de borrar comentarios.
No eliminamos reseñas ni bloqueamos a quien las escribe.
Esperamos que el bloqueo se resuelva.
Nos quedamos con tu comentario para mejorar.
Retiramos el producto del mercado ayer.
Suspendimos el vuelo por el temporal.
Hemos quitado ese ingrediente de la carta.
Te quitamos un peso de encima con este cambio de la factura.
""".strip().splitlines()

HARMLESS_EN = """
We never delete comments.
We don't delete comments.
We deleted your duplicate charge.
We do not hide, delete or block comments.
We won't delete your comment.
Your comment will not be deleted.
We have removed the fee from your order.
You can delete the app and install it again.
Nobody here will delete your comment.
Your comment was removed by Instagram, not by us.
We'd never block you for an opinion.
We blocked your card as you asked.
You can remove your comment at any time.
We removed the extra cost. Thank you for your comment!
To delete your account, go to Settings.
We would rather answer than delete comments.
We are not going to remove your review.
We removed the item from your order.
We've taken the product down from the shop.
Please delete the photo of your card, for your safety.
Is the road still blocked?
We hid nothing from you.
Thanks for the comment, we removed the sugar last year.
We have not blocked you.
""".strip().splitlines()


@pytest.mark.parametrize("text", THREATS_ES + THREATS_EN)
def test_a_threat_to_delete_is_found_whatever_its_form(text: str) -> None:
    assert deletion_threat(fold(text))


@pytest.mark.parametrize("text", HARMLESS_ES + HARMLESS_EN)
def test_what_only_looks_like_a_threat_passes(text: str) -> None:
    assert deletion_threat(fold(text)) == ""


@pytest.mark.parametrize("text", THREATS_ES[:6] + THREATS_EN[:6])
def test_capitals_missing_accents_and_invisible_characters_hide_no_threat(text: str) -> None:
    disguised = fold(text).upper().replace("A", "A\u200b")
    assert deletion_threat(fold(disguised))


def test_the_words_of_the_threat_are_shown() -> None:
    assert "borraremos tu comentario" in deletion_threat(fold("Gracias. Si sigues, borraremos tu comentario hoy."))
