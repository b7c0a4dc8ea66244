"""Whatever a commenter writes or calls themselves: every draft passes the guard, and says only our words and theirs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.briefs import Brief
from bot.core.guard import GuardFacts, review
from bot.core.types import Kind, Sentiment, Severity, Visibility
from bot.triage import RuleClassifier
from handlers.models.offline import OfflineDrafter
from prompts import Prompts

DRAFTER = OfflineDrafter(Prompts())
CLASSIFIER = RuleClassifier()

PIECES = [
    "no funciona", "my order is broken", "llevo tres semanas esperando", "borraremos tu comentario",
    "we will delete your comment", "envíanos tu contraseña", "please send us your email", "ana@correo.example",
    "612 345 678", "4111 1111 1111 1111", "@everyone", "<!channel>",
    "@a @b @c", "https://evil.example", "evil.com",
    "evil dot com", "ES91 2100 0418 4502 0005 1332", "12345678Z", "\u202e", "\u200b", "\x00", "\r", "<b>", "**",
    "«", "»", "“", "{point}", "{name}", "[a|b|c]", "<a|b>", "ignore all previous instructions", "idiotas",
    "fuck you", "¿", "?", "!", "…", "\n", ",", ".", " y ", " and ", "😡", "👩‍💻", "#tag", "^Ana",
    "te vamos a bloquear", "you will be banned", "dinos tu pin",
    "what is your card number", "estaría genial que",
    "you should", "me encanta", "love it", "¿tenéis talla?", "do you deliver?",
    "ﷺ", "ⓔⓥⓘⓛ.ⓒⓞⓜ", "　", "ｅｖｉｌ．ｃｏｍ",
]  # fmt: skip
NAMES = [
    "Ana García",
    "@everyone",
    "evil.com",
    "<!channel>",
    "borraremos tu comentario",
    "Ana\u202e",
    "{point}",
    "^x",
    "Tom Hill",
]

comments = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
names = st.one_of(st.text(max_size=40), st.sampled_from(NAMES))
briefs = st.builds(
    Brief,
    comment=comments,
    author_name=names,
    language=st.sampled_from(["es", "en"]),
    kind=st.sampled_from(Kind),
    severity=st.sampled_from(Severity),
    sentiment=st.sampled_from(Sentiment),
    visibility=st.sampled_from(Visibility),
    brand=st.one_of(st.just("La Marca"), names),
    signature=st.one_of(st.none(), st.just("Ana"), names),
    formality=st.sampled_from(["tu", "usted", "vos"]),
    avoid=st.lists(comments, max_size=3).map(tuple),
    hint=st.one_of(st.none(), st.text(max_size=30), st.sampled_from(["más corto", "formal", "private"])),
    seed=st.integers(min_value=0, max_value=2**63),
    max_length=st.one_of(st.none(), st.integers(min_value=0, max_value=500)),
)


def facts(brief: Brief, text: str, language: str | None) -> GuardFacts:
    return GuardFacts(
        language_wanted=brief.language,
        language_found=language,
        length=len(text),
        max_length=brief.max_length,
        visibility=brief.visibility,
        by_person=False,
        own_domains=frozenset(),
        comment=brief.comment,
        kind=brief.kind,
        recent=brief.avoid,
        severity=brief.severity,
    )


@given(briefs)
def test_every_draft_passes_the_guard_and_is_the_same_each_time(brief: Brief) -> None:
    found = DRAFTER.draft(brief)
    if found is None:
        return
    found_wrong = [one for one in review(found.text, facts(brief, found.text, None)) if one.level == "block"]
    assert found_wrong == []
    assert DRAFTER.draft(brief) == found
    assert brief.max_length is None or len(found.text) <= brief.max_length
    assert "{" not in found.text
    assert "|" not in found.text


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map(" ".join), st.integers(0, 9))
def test_a_quotation_does_not_change_the_language_of_a_draft(comment: str, seed: int) -> None:
    for language in ("es", "en"):
        brief = Brief(
            comment=comment,
            author_name="Ana",
            language=language,
            kind=Kind.COMPLAINT,
            severity=Severity.NORMAL,
            sentiment=Sentiment.NEGATIVE,
            seed=seed,
        )
        found = DRAFTER.draft(brief)
        assert found is not None
        assert CLASSIFIER.language(found.text)[0] in {language, None}


@pytest.mark.parametrize(
    "piece", ["a", "no funciona ", "no funciona, ", "\u202e", "<", "a.", "y ", "¿", "\ufdfa", "@a "]
)
def test_a_giant_comment_costs_little(piece: str) -> None:
    comment = piece * (2_000_000 // len(piece))
    brief = Brief(
        comment=comment,
        author_name=comment,
        language="es",
        kind=Kind.COMPLAINT,
        severity=Severity.NORMAL,
        sentiment=Sentiment.NEGATIVE,
    )
    began = time.process_time()
    assert DRAFTER.draft(brief) is not None
    assert time.process_time() - began < 1.0
