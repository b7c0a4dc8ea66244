"""Kind, sentiment and severity of comments as people write them, in both languages."""

import pytest

from bot.core.types import Kind, Sentiment, Severity
from bot.triage import RuleClassifier


@pytest.fixture(scope="module")
def classifier() -> RuleClassifier:
    return RuleClassifier()


KINDS = {
    Kind.COMPLAINT: """
Llevo tres semanas esperando mi pedido y nadie me contesta
La app no funciona desde la actualización, qué desastre
La comida llegó fría y con un pelo
¿Por qué no me llega el correo de confirmación?
Genial, otra vez el tren con dos horas de retraso
Gracias por nada
No pienso volver nunca
El repartidor fue un maleducado
My order arrived broken and nobody answers my emails
Why can't I log in to my account?
Worst service I have ever had
Thanks for nothing.
The room was filthy and the staff were rude
I want my money back
""",
    Kind.QUESTION: """
¿A qué hora abrís los domingos?
¿Tenéis talla 44 en la tienda de Vigo?
Che, ¿tenés talle 42?
Quería saber si el aparcamiento es gratuito
Buenas, ¿hacéis envíos a Canarias?
What time do you open on Sundays?
Do you deliver to Northern Ireland? Thanks
Is the pasta gluten free?
Does anyone know if the pool is heated
""",
    Kind.SUGGESTION: """
Estaría genial que pusierais más mesas fuera
Sugiero que agreguen un botón para filtrar
Deberíais poner más papeleras en la plaza
¿Por qué no ponéis un carril bici?
You should open a shop in Leeds
Would be great if the app had a dark mode
Please add an option to pay in cash
""",
    Kind.PRAISE: """
Me encanta vuestra nueva tienda, enhorabuena!!
El camarero fue súper amable y la tortilla estaba riquísima
No está nada mal
Gracias
Me muero de risa con vuestros anuncios
Tuve un problema con el pedido y lo resolvisteis de maravilla, muchísimas gracias, sois los mejores
Love the new store, great job!
Not bad at all
I had no problems with my order, thanks
I can't wait to try it!
""",
    Kind.COMMENT: """
El otro día pasé por vuestra tienda de Sevilla
Yesterday I walked past your shop
No es mal servicio la verdad
""",
    Kind.SPAM: """
Gana dinero desde casa https://x.example/a
Sígueme y te sigo
Amarres de amor, recupera a tu ex, escríbeme al whatsapp
Check out my channel https://youtu.be/abc
Make money online working from home $500 per day
sub4sub anyone
Free iphone, click here www.win.example
""",
    Kind.NOISE: """
😍😍😍
@ana @luis mira
@pepe
jajaja
lol
.
🔥
@tom @ann 😂😂
""",
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, block in KINDS.items() for text in block.strip().splitlines()]
)
def test_the_kind(classifier: RuleClassifier, kind: Kind, text: str) -> None:
    assert classifier.assess(text).kind is kind


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b\u202e", "\x00"])
def test_an_empty_comment_is_noise_in_no_language(classifier: RuleClassifier, text: str) -> None:
    found = classifier.assess(text)
    assert (found.kind, found.language, found.severity) == (Kind.NOISE, None, Severity.LOW)


CRITICAL = """
Mi hijo ha tenido una reacción alérgica con vuestro yogur y estamos en urgencias
Había cristales en la comida
Huele a gas en todo el edificio
Vuestro patinete se quedó sin frenos
me quiero morir
no quiero vivir así
Como vuelva por ahí os voy a matar
Vuestro guardia me pegó
Puedo ver los datos de otros clientes en mi cuenta
Se han filtrado mis datos por vuestra culpa
Vuestro empleado me insultó por ser negro
No me dejó pasar por mi discapacidad
Os voy a denunciar en el juzgado
Mi abogada se pondrá en contacto
Vendéis alcohol a menores
Mi niña se tragó una pieza del juguete
I had an allergic reaction to your sauce
There was glass in my salad
I found glass in my sandwich and my son cut his mouth
This cream gave me burns
Your driver threatened my wife
He threatened to hit me
Encontré un cristal en el bocadillo
Había vidrio en mi hamburguesa
La crema me ha dejado una quemadura en la cara
El repartidor amenazó a mi mujer
Me amenazó con pegarme
The battery exploded in my pocket
I want to die
Your driver sexually harassed my friend
I can see other people's data in the app
Your manager is racist
They refused us because of my wheelchair
See you in court
My lawyer will be in touch
My son is in the hospital because of your toy
""".strip().splitlines()
HIGH = """
Soy periodista, ¿con quién puedo hablar?
Me habéis cobrado dos veces el mismo pedido
Nos han dejado tirados en el aeropuerto
Me han hackeado la cuenta y no puedo entrar
Por tercera vez os escribo y no contestáis
Mi abuela de 90 años lleva horas esperando en la calle
I'm a journalist at a newspaper, request for comment
I was charged twice for the same order
We are stranded at the airport with two kids
My account was hacked and nobody helps
This is the third time I write, no response
My wife is pregnant and has been waiting for hours, terrible
""".strip().splitlines()
ORDINARY = """
Me muero de risa con vuestros anuncios
Está de muerte la tortilla
No me ha dado reacción alérgica, todo perfecto
Mataría por otra ración de croquetas
Esta canción es la bomba
El envío llegó tarde y la caja rota
Qué locura de precios
Dying to try this
You threatened me with a late fee
A glass in my hand and your wine in it
The jokes burned him
Me amenazan con subirme la cuota
Una copa de cristal en el salón, qué bonita
That dress is killing it
The chili is to die for
This song is the bomb
No allergic reaction this time, lovely cake
My order is late
Kill it with fire lol
Nothing here is racist, great show
""".strip().splitlines()


@pytest.mark.parametrize("text", CRITICAL)
def test_danger_is_critical(classifier: RuleClassifier, text: str) -> None:
    found = classifier.assess(text)
    assert found.severity is Severity.CRITICAL
    assert any(reason.startswith("severity:critical:") for reason in found.reasons)


@pytest.mark.parametrize("text", HIGH)
def test_what_cannot_wait_is_high(classifier: RuleClassifier, text: str) -> None:
    assert classifier.assess(text).severity is Severity.HIGH


@pytest.mark.parametrize("text", ORDINARY)
def test_idioms_negations_and_everyday_trouble_are_neither(classifier: RuleClassifier, text: str) -> None:
    assert classifier.assess(text).severity.rank <= Severity.NORMAL.rank


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("No es mal servicio", Sentiment.NEUTRAL),
        ("No es bueno", Sentiment.NEGATIVE),
        ("No es nada malo", Sentiment.NEUTRAL),
        ("No puedo estar más contenta", Sentiment.POSITIVE),
        ("Nunca falla", Sentiment.POSITIVE),
        ("This is not good", Sentiment.NEGATIVE),
        ("It isn't bad", Sentiment.NEUTRAL),
        ("Couldn't be happier", Sentiment.POSITIVE),
        ("el paquete 😡", Sentiment.NEGATIVE),
        ("the parcel :)", Sentiment.POSITIVE),
        ("El martes salimos a las ocho", Sentiment.NEUTRAL),
        ("PESIMO SERVICIO", Sentiment.NEGATIVE),
        ("pésimooooo", Sentiment.NEGATIVE),
        ("Genial, otra vez el tren con retraso", Sentiment.NEUTRAL),
    ],
)
def test_the_mood_and_how_negation_turns_it(classifier: RuleClassifier, text: str, sentiment: Sentiment) -> None:
    assert classifier.assess(text).sentiment is sentiment


def test_reasons_name_the_rule_and_the_words_as_written(classifier: RuleClassifier) -> None:
    found = classifier.assess("He tenido una Reacción Alérgica con vuestra crema")
    assert "severity:critical:reacción alérgica" in found.reasons


def test_a_comment_in_an_unknown_language_still_gets_every_languages_rules(classifier: RuleClassifier) -> None:
    found = classifier.assess("allergic reaction!! anafilaxia")
    assert found.severity is Severity.CRITICAL
    assert classifier.assess("gracias").kind is Kind.PRAISE


def test_only_the_rules_of_configured_languages_are_asked() -> None:
    assert RuleClassifier(("en",)).assess("estafa").kind is Kind.COMMENT
    assert RuleClassifier(("pt",)).assess("roubaram o meu dinheiro todo ontem").kind is Kind.COMMENT


def test_a_complaint_with_a_link_is_no_spam(classifier: RuleClassifier) -> None:
    text = "Mi pedido no llega, mirad la foto https://fotos.example/1 y visita mi perfil, 100% verdad"
    assert classifier.assess(text).kind is Kind.COMPLAINT


def test_a_good_idea_that_would_be_one_is_a_suggestion_and_one_that_is_one_is_praise() -> None:
    classifier = RuleClassifier()
    assert classifier.assess("It would be a good idea to let people book online").kind is Kind.SUGGESTION
    assert classifier.assess("What a good idea, love the new booking page!").kind is Kind.PRAISE
