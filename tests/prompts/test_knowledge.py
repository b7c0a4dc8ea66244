"""Voice, facts and saved replies: what fits is offered, what does not fit or hold is not, mistakes have a line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.core.briefs import Cited
from prompts import PromptError
from prompts.knowledge import MOST_FACTS, Knowledge, Place

TODAY = date(2026, 11, 20)
FACTS = {
    "horario": ("es", "Horario", "horario, abrir, cerrar, domingo", "Abrimos de lunes a sábado de 9 a 20."),
    "envios": ("es", "Gastos y plazos de envío", "envío, paquete", "Cuestan 4,90 € y llegan en 2 o 3 días laborables."),
    "devoluciones": (
        "es",
        "Devoluciones",
        "devolver, devolución, cambiar talla",
        "Se devuelve en 30 días con el tique.",
    ),
    "alergenos": ("es", "Alérgenos", "alérgenos, gluten, celíaco, frutos secos", "La carta indica los 14 alérgenos."),
    "perros": ("es", "Perros en la terraza", "perro, mascota", "Los perros son bienvenidos en la terraza."),
    "hours": ("en", "Opening hours", "opening hours, open, close, sunday", "We open Monday to Saturday 9 to 20."),
    "shipping": (
        "en",
        "Shipping",
        "shipping, delivery, parcel, postage",
        "Delivery costs €4.90 and takes 2 to 3 days.",
    ),
    "returns": (
        "en",
        "Returns within 30 days",
        "return, refund, exchange",
        "Unused goods can be returned for 30 days.",
    ),
    "wifi": ("en", "Wifi", "wifi, internet", "The wifi is free; ask for the password at the bar."),
}
COMMENTS = [
    ("es", "¿Abrís el domingo por la tarde?", "horario"),
    ("es", "a qué hora CIERRAN hoy??", "horario"),
    ("es", "mi paquete no llega, ya van 5 dias", "envios"),
    ("es", "¿Cuánto cuesta enviar a Canarias?", "envios"),
    ("es", "Quiero devolver unos zapatos", "devoluciones"),
    ("es", "necesito cambiar la talla", "devoluciones"),
    ("es", "¿Tenéis algo sin gluten para celiacos?", "alergenos"),
    ("es", "Admitís mascotas?", "perros"),
    ("es", "¿Se puede comer en la terraza con el perro?", "perros"),
    ("es", "El camarero fue un maleducado, no vuelvo", None),
    ("es", "Qué rico estaba todo, ¡gracias!", None),
    ("es", "La música estaba altísima", None),
    ("es", "Feliz día a todo el equipo 🥰", None),
    ("es", "Me cobraron dos veces la misma cena", None),
    ("es", "quería cambiar de mesa y no me dejaron", None),
    ("en", "Are you open on Sundays?", "hours"),
    ("en", "what time do you close?", "hours"),
    ("en", "My parcels never arrived", "shipping"),
    ("en", "How long does delivery take", "shipping"),
    ("en", "I want a REFUND!!", "returns"),
    ("en", "can I exchange this shirt", "returns"),
    ("en", "do you have wifi", "wifi"),
    ("en", "The waiter was rude to my mother", None),
    ("en", "Best coffee in town!", None),
    ("en", "It has been 30 days and nobody answers", None),
    ("en", "You people should be ashamed", None),
]


def put(folder: Path, path: str, text: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def place(language: str = "es", today: date = TODAY, *networks: str) -> Place:
    return Place(language=language, networks=networks or ("wall",), today=today)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    folder = tmp_path_factory.mktemp("team")
    for name, (language, title, tags, body) in FACTS.items():
        head = f"---\ntitle: {title}\nlanguage: {language}\ntags: {tags}\nsource: web\n---\n"
        put(folder, f"facts/{name}.md", head + body)
    put(folder, "facts/README.md", "Only for people.")
    return Knowledge(folder)


def test_a_comment_gets_the_fact_it_is_about_and_no_other(known: Knowledge) -> None:
    for language, comment, wanted in COMMENTS:
        found = [fact.id for fact in known.facts(comment, place(language))]
        assert found == ([wanted] if wanted else []), comment


def test_a_comment_about_much_gets_few_facts_the_best_first(known: Knowledge) -> None:
    found = known.facts("¿Abrís el domingo? ¿Y el envío del paquete? ¿Devolver? ¿Gluten? ¿Perro?", place())
    assert len(found) == MOST_FACTS
    assert len({fact.id for fact in found}) == MOST_FACTS


def test_a_fact_serves_its_language_its_networks_and_its_time(tmp_path: Path) -> None:
    head = "---\nlanguage: es\ntags: horario\nsource: web\nnetwork: {network}\nvalid_until: {until}\n---\nTexto.\n"
    put(tmp_path, "facts/a.md", head.format(network="wall, masto", until="2026-11-20"))
    known = Knowledge(tmp_path, ["wall", "masto", "mastodon"])
    asked = "¿Qué horario tenéis?"
    assert known.facts(asked, place("es", TODAY, "tienda", "wall"))
    assert not known.facts(asked, place("es", TODAY, "otra", "mastodon"))
    assert not known.facts(asked, place("en", TODAY, "wall"))
    later = date(2026, 11, 21)
    assert not known.facts(asked, place("es", later, "wall"))
    assert [entry.id for entry in known.expired(later)] == ["a"]
    assert known.expired(TODAY) == ()
    assert known.cite(["a", "nothing", "a"], TODAY) == (Cited(id="a", source="web"),)
    assert known.cite(["a"], later) == ()


def test_saved_replies_are_found_like_facts_and_called_by_their_folder(tmp_path: Path) -> None:
    put(tmp_path, "replies/wait.md", "---\nlanguage: en\ntags: waiting, parcel\n---\nSorry for the wait.\n")
    known = Knowledge(tmp_path)
    (found,) = known.saved("Still waiting for my parcel", place("en"))
    assert (found.id, found.text, found.source) == ("replies/wait", "Sorry for the wait.", "")
    assert known.facts("Still waiting for my parcel", place("en")) == ()


def test_the_voice_is_that_of_the_language_then_of_the_network_then_the_general_one(tmp_path: Path) -> None:
    assert Knowledge().voice(place()).text.startswith("Friendly")
    put(tmp_path, "voice/all.md", "---\nsignature: person\n---\nAll.\n")
    put(tmp_path, "voice/net.md", "---\nnetwork: masto\nsignature: no\n---\nNet.\n")
    put(tmp_path, "voice/es.md", "---\nlanguage: es\nformality: vos\nsignature: ^Alba\n---\nEs.\n")
    put(tmp_path, "voice/old.md", "---\nlanguage: en\nvalid_until: 2020-01-01\n---\nOld.\n")
    known = Knowledge(tmp_path)
    voices = [known.voice(place("es", TODAY, "masto")), known.voice(place("en", TODAY, "masto"))]
    assert [(v.text, v.formality, v.signature) for v in voices] == [("Es.", "vos", "^Alba"), ("Net.", None, "")]
    assert known.voice(place("en")).text == "All."
    (tmp_path / "voice" / "all.md").unlink()
    assert Knowledge(tmp_path).voice(place("en")).text.startswith("Friendly")


HEAD = "language: es\nsource: web"


@pytest.mark.parametrize(
    ("path", "text", "line", "problem"),
    [
        ("facts/a.md", f"---\n{HEAD}\n---\n\n", 5, "no text below the head"),
        ("facts/a.md", "---\nlanguage: es\n---\nx\n", 1, "does not say: source"),
        ("facts/a.md", "---\nsource: web\n---\nx\n", 1, "does not say: language"),
        ("facts/a.md", "---\nlanguage: español\nsource: web\n---\nx\n", 2, "no code like es"),
        ("facts/a.md", f"---\n{HEAD}\nnetwork: twiter\n---\nx\n", 4, "no network 'twiter'"),
        ("facts/a.md", f"---\n{HEAD}\nvalid_until: soon\n---\nx\n", 4, "no day like"),
        ("facts/a.md", f"---\n{HEAD}\nurl: javascript:x\n---\nx\n", 4, "url is no address"),
        ("facts/a.md", f"---\n{HEAD}\nformality: tu\n---\nx\n", 4, "there is no 'formality'"),
        ("facts/a.md", f"---\n{HEAD}\n---\n{'x' * 2001}\n", 5, "2001 characters"),
        ("facts/Ñandú.md", f"---\n{HEAD}\n---\nx\n", 1, "small letters"),
        ("replies/sub/b.md", "---\nlanguage: e\n---\nx\n", 2, "no code like es"),
        ("voice/v.md", "---\nformality: ustedes\n---\nx\n", 2, "it may be tu, usted, vos"),
        ("voice/v.md", f"---\nsignature: {'x' * 41}\n---\nx\n", 2, "40 characters at most"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, path: str, text: str, line: int, problem: str) -> None:
    put(tmp_path, path, text)
    with pytest.raises(PromptError, match=problem) as refused:
        Knowledge(tmp_path, ["wall"])
    assert (refused.value.file, refused.value.line) == (path, line)


def test_hostile_and_giant_comments_find_nothing_and_break_nothing(known: Knowledge) -> None:
    for comment in ("", "\u202e\u200b", "@@@ ### 🥰🥰", "a" * 100_000, "' OR 1=1 --", "\x00 horari\u0301o?"):
        found = [fact.id for fact in known.facts(comment, place())]
        assert found == (["horario"] if "horari" in comment else []), comment[:40]
