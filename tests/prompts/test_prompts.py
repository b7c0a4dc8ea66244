"""The prompt texts: all there, all sound, replaced file by file by a team's own, refused with file and line."""

import hashlib
import re
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from prompts import FORMS, OFFLINE_KINDS, PromptError, Prompts, Variant

LANGUAGES = ("es", "en")
OURS = Prompts()
ALL = [
    (language, kind, variant)
    for language, kind in product(LANGUAGES, OFFLINE_KINDS)
    for variant in OURS.offline(language, kind)
]
VALUES = {
    "hello": "Hola",
    "fact": "La tienda abre a las diez.",
    "name": "Ana",
    "point": "«llevo tres semanas esperando»",
    "brand": "La Marca",
    "signature": "^Luis",
}
GOOD = "---\nlanguage: es\nkind: praise\n---\n## 1\n¡Gracias{, name}!\n"


def rendered(variant: Variant, language: str) -> list[str]:
    forms = FORMS if language == "es" else FORMS[:1]
    values: list[dict[str, str]] = [VALUES] if variant.needs else [VALUES, {"hello": "Hola"}]
    return [
        variant.render(value, formality=form, private=private)
        for form, private, value in product(forms, (False, True), values)
    ]


def overlay(folder: Path, path: str, text: str | bytes) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_both_languages_have_every_kind_and_topic_with_at_least_eight_variants() -> None:
    assert OURS.languages == frozenset(LANGUAGES)
    for language, kind in product(LANGUAGES, OFFLINE_KINDS):
        counts = Counter(v.topic for v in OURS.offline(language, kind) if "fact" not in v.needs)
        assert min(counts.values()) >= 8, (language, kind, counts)


def test_both_languages_have_the_same_numbers_and_topics() -> None:
    for kind in OFFLINE_KINDS:
        spanish, english = (
            [(v.number, v.topic, v.needs) for v in OURS.offline(language, kind)] for language in LANGUAGES
        )
        assert spanish == english


@pytest.mark.parametrize(("language", "kind", "variant"), ALL, ids=lambda part: getattr(part, "number", part))
def test_every_text_reads_well_whatever_is_filled_in(language: str, kind: str, variant: Variant) -> None:
    for text in rendered(variant, language):
        assert not re.search(r"  | [.,;:!?]|[,;:]\.|\.\.|[|{}<>\[\]]", text)
        assert text[0].isupper() or text[0] in "¡¿«"
        assert text.rstrip()[-1] in ".!?"
        assert text.count("¿") == (text.count("?") if language == "es" else 0)
        assert text.count("¡") == (text.count("!") if language == "es" else 0)


@pytest.mark.parametrize(("language", "kind", "variant"), ALL, ids=lambda part: getattr(part, "number", part))
def test_no_text_promises_admits_denies_or_compensates(language: str, kind: str, variant: Variant) -> None:
    forbidden = (
        r"prome|garanti|nuestra culpa|culpa nuestra|nuestro error|reembols|devoluci|descuent|compens|regal|cup[oó]n|"
        r"no es (?:cierto|verdad)|solucionaremos|resolveremos|no volverá a|promis|guarante|our fault|our mistake|"
        r"refund|discount|compensat|voucher|not true|we will fix|won't happen|at once|within \d|en \d+ (?:horas|días)"
    )
    for text in rendered(variant, language):
        assert not re.search(forbidden, text, re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_praise_never_gets_an_apology(language: str) -> None:
    for variant in OURS.offline(language, "praise"):
        for text in rendered(variant, language):
            assert not re.search(r"sentimos|lament|disculp|perd[oó]n|sorry|apolog|regret", text, re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_complaints_and_grave_matters_lead_to_a_private_message(language: str) -> None:
    for kind in ("complaint", "high", "critical"):
        for variant in OURS.offline(language, kind):
            in_public = variant.render(VALUES, private=False)
            assert re.search(r"privad|private", in_public)
            assert not re.search(r"privad[oa]|private", variant.render(VALUES, private=True))


MACHINES = r"machine|robot|human being|contestador|máquina|ser humano"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_in_need_is_told_what_they_do_not_talk_to(language: str) -> None:
    for variant in OURS.offline(language, "high"):
        for text in rendered(variant, language):
            assert re.search(MACHINES, text, re.IGNORECASE) is None, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_names_safety_before_anything_else(language: str) -> None:
    for variant in OURS.offline(language, "critical"):
        if variant.topic in {"safety", "care"}:
            assert re.search(r"emergenc", variant.render({}))


def test_the_three_spanish_forms_of_address_do_not_mix() -> None:
    for kind in OFFLINE_KINDS:
        for variant in OURS.offline("es", kind):
            tu, usted, vos = (variant.render({}, formality=form) for form in FORMS)
            assert not re.search(r"\b(?:te|tu|tus|contigo|eres|puedes|tienes|has|hayas)\b", usted, re.IGNORECASE)
            assert not re.search(r"\b(?:usted|su|vos|con usted)\b", tu, re.IGNORECASE)
            assert not re.search(
                r"\b(?:usted|contigo|puedes tú|tienes|eres|escríbenos|cuéntanos)\b", vos, re.IGNORECASE
            )


def test_values_are_never_read_as_placeholders() -> None:
    variant = OURS.offline("es", "complaint")[0]
    assert "{name}" in variant.render({"point": "«{name}»", "name": "Ana"})


# --- the overlay --------------------------------------------------------------------------------------------------


def test_a_teams_own_file_takes_the_place_of_ours_and_of_that_one_only(tmp_path: Path) -> None:
    mine = Prompts(overlay(tmp_path, "offline/es/praise.md", GOOD))
    assert [v.text for v in mine.offline("es", "praise")] == ["¡Gracias{, name}!"]
    assert mine.offline("es", "complaint") == OURS.offline("es", "complaint")


def test_sums_tell_which_text_was_in_use(tmp_path: Path) -> None:
    mine = Prompts(overlay(tmp_path, "policy/es.md", "Sed amables.\n"))
    assert mine.text("policy/es.md") == "Sed amables.\n"
    assert mine.sha256["policy/es.md"] == hashlib.sha256(b"Sed amables.\n").hexdigest()
    assert mine.sha256["policy/en.md"] == OURS.sha256["policy/en.md"]
    assert set(OURS.sha256) >= {"policy/es.md", "policy/en.md", "offline/es/complaint.md"}


def test_a_language_counts_once_it_has_every_kind(tmp_path: Path) -> None:
    for kind in OFFLINE_KINDS[:-1]:
        overlay(tmp_path, f"offline/pt/{kind}.md", f"---\nlanguage: pt\nkind: {kind}\n---\n## 1\nObrigada{{, name}}!\n")
    assert Prompts(tmp_path).languages == frozenset(LANGUAGES)
    last = OFFLINE_KINDS[-1]
    overlay(tmp_path, f"offline/pt/{last}.md", f"---\nlanguage: pt\nkind: {last}\n---\n## general 1\nObrigada.\n")
    assert Prompts(tmp_path).languages == frozenset((*LANGUAGES, "pt"))


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (GOOD.replace("{, name}", "{nombre}"), 6, "unknown placeholder {nombre}"),
        (GOOD.replace("{, name}", "{name"), 6, "'{' stands alone"),
        (GOOD.replace("{, name}", "[tú|usted]"), 6, "three forms"),
        (GOOD.replace("{, name}", "<a|b|c>"), 6, "two places"),
        (GOOD.replace("{, name}", "<a>"), 6, "two places"),
        (GOOD.replace("{, name}", "|"), 6, "'|' stands alone"),
        (GOOD.replace("## 1", "## uno"), 5, "not a heading"),
        (GOOD + "## 1\nOtra\n", 7, "used twice"),
        (GOOD + "## 2\n\n", 7, "empty"),
        (GOOD.replace("## 1\n", ""), 5, "before the first heading"),
        (GOOD.replace("kind: praise", "kind: question"), 3, "stands elsewhere"),
        (GOOD.replace("kind: praise\n", ""), 3, "does not name: kind"),
        (GOOD.replace("kind: praise", "kind: praise\nauthor: ana"), 4, "not expected"),
        (GOOD.replace("---\n", "", 1), 1, "head is missing"),
        ("---\nlanguage: es\n", 2, "not closed"),
        ("---\nlanguage: es\nkind: praise\n---\n", 4, "no variant"),
        (GOOD.replace("{, name}", " {point}"), 1, "must do without"),
        (b"---\nlanguage: es\nkind: praise\n---\n## 1\n\xff\n", 6, "not UTF-8"),
        (b"x" * 300_000, 1, "larger than"),
    ],
)
def test_a_mistake_is_refused_with_its_file_and_line(
    tmp_path: Path, text: str | bytes, line: int, problem: str
) -> None:
    with pytest.raises(PromptError, match=re.escape(problem)) as raised:
        Prompts(overlay(tmp_path, "offline/es/praise.md", text))
    assert (raised.value.file, raised.value.line) == ("offline/es/praise.md", line)


def test_forms_of_address_are_refused_where_the_language_has_none(tmp_path: Path) -> None:
    text = GOOD.replace("language: es", "language: en").replace("{, name}", "[a|b|c]")
    with pytest.raises(PromptError, match="Spanish only"):
        Prompts(overlay(tmp_path, "offline/en/praise.md", text))


def test_a_file_that_nobody_would_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="no such kind: elogio"):
        Prompts(overlay(tmp_path, "offline/es/elogio.md", GOOD))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    mine = Prompts(overlay(tmp_path, "offline/es/praise.md", b"\xef\xbb\xbf" + GOOD.encode()))
    assert len(mine.offline("es", "praise")) == 1
