"""What a reply may not say: every rule with what it must catch and what it must let pass."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.guard import LOOKED_AT, GuardFacts, review
from bot.core.types import Finding, Kind, Visibility

FACTS = GuardFacts(
    language_wanted="es",
    language_found="es",
    length=10,
    max_length=500,
    visibility=Visibility.PUBLIC,
    by_person=False,
    own_domains=frozenset({"marca.example"}),
    comment="",
    kind=Kind.COMPLAINT,
    recent=(),
)
PERSON = replace(FACTS, by_person=True)
PRIVATE = replace(FACTS, visibility=Visibility.PRIVATE)


def of(rule: str, text: str, facts: GuardFacts = FACTS) -> list[Finding]:
    return [finding for finding in review(text, facts) if finding.rule == rule]


def level(rule: str, text: str, facts: GuardFacts = FACTS) -> str | None:
    found = of(rule, text, facts)
    return found[0].level if found else None


def test_an_ordinary_reply_raises_nothing() -> None:
    assert review("Hola, Ana. Sentimos el retraso. Escríbenos por mensaje privado y lo vemos. ^Luis", FACTS) == ()


# --- empty, too long, language -----------------------------------------------------------------------------------

NOTHING = [
    "",
    " ",
    "\n",
    "\t \n",
    "\u200b",
    "\u00a0",
    "\u2060\u200d",
    "\ufeff",
    "\u202e",
    "\u00ad",
    "\u3164",
    "\x00",
    "\u3000",
]


@pytest.mark.parametrize("text", NOTHING)
def test_a_reply_in_which_nothing_can_be_seen_is_empty(text: str) -> None:
    assert level("empty", text, PERSON) == "block"


@pytest.mark.parametrize("text", ["a", ".", "👍", "¡!", "0", "ñ", " x ", "👩‍💻", "\u200bok", "—", "#", "^Ana"])
def test_whatever_shows_a_sign_is_not_empty(text: str) -> None:
    assert of("empty", text) == []


@pytest.mark.parametrize(
    ("length", "limit", "blocked"), [(501, 500, True), (500, 500, False), (0, 0, False), (1, 0, True)]
)
def test_the_limit_of_the_network_holds_and_is_told(length: int, limit: int, blocked: bool) -> None:
    found = of("too_long", "x", replace(PERSON, length=length, max_length=limit))
    assert [(finding.level, finding.limit, finding.words) for finding in found] == [
        ("block", limit, str(length))
    ] * blocked


def test_a_network_without_a_limit_takes_what_the_guard_can_read_and_no_more() -> None:
    unlimited = replace(FACTS, max_length=None)
    assert of("too_long", "x" * LOOKED_AT, replace(unlimited, length=10**9)) == []
    assert [finding.limit for finding in of("too_long", "x" * (LOOKED_AT + 1), unlimited)] == [LOOKED_AT]


@pytest.mark.parametrize(
    ("wanted", "found", "by_person", "verdict"),
    [
        ("es", "en", False, "block"),
        ("es", "en", True, "warn"),
        ("en", "es", False, "block"),
        ("es", "es", False, None),
        (None, "es", False, None),
        ("es", None, False, None),
        (None, None, False, None),
    ],
)
def test_a_reply_in_another_language_is_told(
    wanted: str | None, found: str | None, by_person: bool, verdict: str | None
) -> None:
    facts = replace(FACTS, language_wanted=wanted, language_found=found, by_person=by_person)
    assert level("wrong_language", "Hola", facts) == verdict


# --- threats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [FACTS, PERSON, PRIVATE, replace(PERSON, visibility=Visibility.PRIVATE)])
def test_nobody_may_threaten_deletion_anywhere(facts: GuardFacts) -> None:
    assert level("threatens_deletion", "Si sigues así, borraremos tu comentario.", facts) == "block"


# --- mentions -----------------------------------------------------------------------------------------------------

MASS = """
@everyone mirad
Hola @here
@channel
Atención <!channel>
<!here> hola
<!everyone>
@todos gracias
@Todas
@all please read
＠everyone
@every\u200bone
@seguidores
<!subteam^S1|@equipo> hola
""".strip().splitlines()
FEW = """
Hola @ana
@ana y @luis
info@todos.es
@todos_madrid gracias
@here2help
@allison
<@U123> <@U456>
a @ b @ c @ d
correo@everyone.example
@channel4news gracias
Gracias a todos
here we are, everyone
""".strip().splitlines()


@pytest.mark.parametrize("text", MASS)
def test_calling_everybody_is_blocked(text: str) -> None:
    assert level("mass_mention", text, PERSON) == "block"


@pytest.mark.parametrize("text", ["@ana @luis @eva hola", "gracias a @a.b @c_d y @e-f", "<@U123> <@U456> <@U789>"])
def test_more_than_two_accounts_block_a_drafter_and_warn_a_person(text: str) -> None:
    assert level("mass_mention", text) == "block"
    assert level("mass_mention", text, PERSON) == "warn"


@pytest.mark.parametrize("text", FEW)
def test_one_or_two_mentions_pass(text: str) -> None:
    assert of("mass_mention", text) == []


# --- links --------------------------------------------------------------------------------------------------------


def test_a_foreign_link_blocks_a_drafter_and_warns_a_person() -> None:
    assert level("foreign_link", "https://marca.example.evil.com") == "block"
    assert level("foreign_link", "https://marca.example.evil.com", PERSON) == "warn"
    assert of("foreign_link", "https://ayuda.marca.example") == []


# --- personal data ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facts", "verdict"),
    [
        ("¿Nos das tu teléfono?", FACTS, "block"),
        ("¿Nos das tu teléfono?", PERSON, "warn"),
        ("¿Nos das tu teléfono?", PRIVATE, None),
        ("Envíanos por privado tu número de pedido", FACTS, None),
        ("Dinos tu contraseña", PERSON, "block"),
        ("Dinos tu contraseña", PRIVATE, "block"),
        ("DM us your card number", PERSON, "block"),
        ("Please send us your email", PERSON, "warn"),
        ("Please send us your email", PRIVATE, None),
    ],
)
def test_who_asks_what_and_where_decides_the_verdict(text: str, facts: GuardFacts, verdict: str | None) -> None:
    assert level("asks_personal_data", text, facts) == verdict


REPEATED = [
    ("Soy ana.perez@correo.example", "Te escribimos a ana.perez@correo.example"),
    ("Soy ANA.PEREZ@correo.example", "Te escribimos a Ana.Perez@Correo.example"),
    ("Mi móvil es 612 345 678", "Te llamamos al 612345678"),
    ("Mi móvil es 612345678", "Te llamamos al +34 612 34 56 78"),
    ("+34 612-345-678", "¿612.345.678?"),
    ("call me on 07700 900123", "We will call 07700900123"),
    ("call me on +44 7700 900123", "We will call 07700 900 123"),
    ("ES91 2100 0418 4502 0005 1332", "Abonado en ES9121000418450200051332"),
    ("tarjeta 4111 1111 1111 1111", "La 4111-1111-1111-1111"),
    ("mi dni 12345678Z", "DNI 12.345.678-Z"),
    ("NIE X1234567L", "el NIE x-1234567-l"),
    ("(612) 345 6789", "612 345 6789"),
    ("mail: a+b@c.example.org.", "a+b@c.example.org"),
]
NOT_REPEATED = [
    ("Soy ana.perez@correo.example", "Gracias, Ana"),
    ("Llamé al 900 123 456 y nada", "Llámanos al 900 123 456"),
    ("Llamé al 1-800-555-0199", "Call 1-800-555-0199"),
    ("Escribí a ayuda@marca.example", "Escribe a ayuda@marca.example"),
    ("Pedido del 12/10/2026", "Vemos lo del 12/10/2026"),
    ("Desde 2026-10-12", "El 2026-10-12"),
    ("Fueron 1250 euros", "Los 1250 euros"),
    ("Mi móvil es 612345678", "Llámanos al 911 222 333"),
    ("a las 10:30", "a las 10:30"),
    ("el modelo 12345678", "el modelo 12345678"),
    ("talla 42 y 44", "talla 42 y 44"),
    ("Soy ana.perez@correo.example", "correo.example"),
    ("sin datos", "612345678"),
]


@pytest.mark.parametrize(("comment", "reply"), REPEATED)
def test_the_commenters_own_data_is_not_repeated_in_public(comment: str, reply: str) -> None:
    assert level("repeats_personal_data", reply, replace(PERSON, comment=comment)) == "block"
    assert of("repeats_personal_data", reply, replace(PRIVATE, comment=comment)) == []


@pytest.mark.parametrize(("comment", "reply"), NOT_REPEATED)
def test_numbers_that_are_nobodys_and_data_of_ours_may_be_repeated(comment: str, reply: str) -> None:
    assert of("repeats_personal_data", reply, replace(FACTS, comment=comment)) == []


# --- what cannot be seen ------------------------------------------------------------------------------------------

HIDDEN = [
    *"\x00\x07\x1b\x7f\x85\xad\u200b\u200c\u200e\u200f\u202a\u202e",
    *"\u2060\u2066\u2069\ufeff\U000e0041",
]
SHOWN = [
    "línea\notra",
    "línea\r\notra",
    "con\ttabulador",
    "👩‍💻 gracias",
    "👨‍👩‍👧‍👦",
    "❤️",
    "🏳️‍🌈",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "ñandú, güisqui, açaí",
    "«comillas» y “quotes”",
    "e\u0301",
    "日本",
    "5 €",
]


@pytest.mark.parametrize("char", HIDDEN)
def test_an_invisible_or_reordering_character_is_blocked_and_named(char: str) -> None:
    found = of("control_characters", f"Hola{char} Ana", PERSON)
    assert [(finding.level, finding.words) for finding in found] == [("block", f"U+{ord(char):04X}")]


@pytest.mark.parametrize("text", SHOWN)
def test_line_breaks_and_emoji_sequences_pass(text: str) -> None:
    assert of("control_characters", text) == []


def test_a_lone_surrogate_is_a_control_character_too() -> None:
    assert level("control_characters", "Hola \ud800") == "block"


# --- identical ----------------------------------------------------------------------------------------------------

STANDING = "Hola, @ana. Sentimos el retraso, lo estamos viendo. ^Luis"
SAME = [
    STANDING,
    "hola, sentimos el retraso, lo estamos viendo",
    "HOLA SENTIMOS EL RETRASO LO ESTAMOS VIENDO",
    "Hola. Sentimos el retraso; lo estamos viendo. ^Eva",
    "Hola, @pepe. Sentimos el retraso, lo estamos viendo.",
    "  Hola   sentimos el retraso, lo   estamos viendo!! ",
    "Hóla, sentimos el retráso, lo estamos viendo",
    "Hola 👋 sentimos el retraso, lo estamos viendo 🙏",
    "Hola\u200b sentimos el retraso, lo estamos viendo",
    "Hola\nSentimos el retraso\nlo estamos viendo",
    "¡Hola! Sentimos el retraso… lo estamos viendo",
    "hola sentimos el retraso lo estamos viendo ^L",
]
DIFFERENT = [
    "Hola, sentimos la espera, lo estamos viendo",
    "Hola, sentimos el retraso",
    "Hola, lo estamos viendo, sentimos el retraso",
    "Hola, sentimos el retraso, lo estamos viendo ya",
    "Hi, sorry about the delay",
    "Gracias",
    "👍",
    "…",
    "Hola, sentimos los retrasos, lo estamos viendo",
    "Hola, no sentimos el retraso, lo estamos viendo",
]


@pytest.mark.parametrize("text", SAME)
def test_the_same_words_again_block_a_drafter_and_warn_a_person(text: str) -> None:
    recent = ("otra cosa", STANDING)
    assert level("identical_reply", text, replace(FACTS, recent=recent)) == "block"
    assert level("identical_reply", text, replace(PERSON, recent=recent)) == "warn"


def test_a_reply_that_differs_by_a_name_or_a_greeting_only_is_a_warning_for_everybody() -> None:
    for text in ("Hola, Eva. Sentimos el retraso, lo estamos viendo.", "Eva, sentimos el retraso, lo estamos viendo"):
        for facts in (FACTS, PERSON):
            assert level("identical_reply", text, replace(facts, recent=(STANDING,))) == "warn"


@pytest.mark.parametrize("text", DIFFERENT)
def test_other_words_are_another_reply(text: str) -> None:
    assert of("identical_reply", text, replace(FACTS, recent=(STANDING, "👍", "…"))) == []


# --- hostile ------------------------------------------------------------------------------------------------------

GIANTS = [
    "a" * 10_000_000,
    "a.a" * 300_000,
    "@" * 500_000,
    "1 " * 500_000,
    "no borramos " * 100_000,
    "a@a." * 200_000,
    "https://" * 100_000,
    " dot " * 100_000,
    "envíanos tu " * 100_000,
    "\u202e" * 500_000,
    "<!" * 300_000,
    "ES91 " * 100_000,
    "we will " * 100_000,
    "-" * 500_000,
    "\ufdfa" * 300_000,
]


@pytest.mark.parametrize("text", GIANTS, ids=range(len(GIANTS)))
def test_a_giant_text_costs_little(text: str) -> None:
    began = time.process_time()
    review(text, replace(FACTS, comment=text, recent=(text,)))
    assert time.process_time() - began < 2.0


@given(st.text(), st.text())
def test_no_text_makes_the_guard_fail_and_its_words_are_always_fit_to_show(text: str, comment: str) -> None:
    for finding in review(text, replace(FACTS, comment=comment, recent=(comment,))):
        assert finding.level in {"block", "warn"}
        assert len(finding.words) <= 120
        assert "\u202e" not in finding.words
        assert "\n" not in finding.words
