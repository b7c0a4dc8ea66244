"""Codes of the core as sentences; and that the core has no code without one."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import VERBS, Misunderstood, parse
from bot.core.messages import Announce, Done, NotFound, Refused
from bot.core.types import AuthorFlag, Finding, Kind, ReplyState, Role, Sentiment, Severity, TicketStatus
from bot.locale import available, describe, explain, help_lines, how, label, params_of, text
from bot.locale import sentences as s
from bot.locale.catalogue import places
from tests.support.calls import argument, calls, literals


def test_an_outcome_is_a_sentence_in_the_person_s_language() -> None:
    done = Done(code="approved_waiting_undo", ticket="K7Q2", params={"seconds": 10})
    assert explain("en", done) == "Approved. The reply goes out in 10 s; until then `undo K7Q2` takes it back."
    assert explain("es", done) == "Aprobada. La respuesta sale en 10 s; hasta entonces, `deshacer K7Q2` la retira."


def test_a_refusal_says_why_and_what_to_do() -> None:
    no = Refused(reason="not_entitled", remedy="ask_approver", params={"role": "agent", "needed": "approver"})
    assert explain("en", no) == "This takes the role approver; yours is agent. Ask an approver."
    assert explain("es", no) == (
        "Para esto hace falta el rol «aprobador»; el tuyo es «agente». Pídeselo a alguien que pueda aprobar."
    )


def test_findings_follow_one_a_line() -> None:
    findings = (Finding(rule="too_long", level="block", words="600", limit=500), Finding(rule="empty", level="block"))
    no = Refused(reason="guard_blocks", remedy="edit_first", ticket="K7Q2", findings=findings)
    assert explain("en", no).splitlines() == [
        "The text may not go out like this. Change the text first: `edit K7Q2 text`.",
        "- It has 600 characters; this network takes 500. Shorten it.",
        "- There is nothing in it that can be read. Write what should be published.",
    ]
    assert describe("es", findings[1]) == "No hay nada que se pueda leer. Escribe lo que haya que publicar."


def test_values_that_are_codes_become_words() -> None:
    assert explain("es", Done(code="kind_set", ticket="K7Q2", params={"kind": "complaint"})) == "Tipo: Queja."
    snoozed = Done(code="snoozed", ticket="K7Q2", params={"until": "2026-11-20T12:00:00+00:00"})
    assert explain("en", snoozed, tz=timezone(timedelta(hours=1))) == "Put away until Nov 20, 2026, 1:00 PM."
    voided = Announce(code="approval_voided", ticket="K7Q2", params={"because": "item_edited"})
    assert explain("en", voided) == "The approval does not hold any more: the author edited the comment."
    assert explain("es", Done(code="escalated", ticket="K7Q2", params={"who": ""})) == "Escalado a nadie."


def test_a_link_comes_last() -> None:
    published = Announce(code="published", ticket="K7Q2", params={"url": "https://a.example/1"})
    assert explain("es", published) == "Publicada. https://a.example/1"
    assert explain("en", Announce(code="published", ticket="K7Q2", params={"url": ""})) == "Published."


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (NotFound(what="ticket", id="K7Q2"), "No hay ningún ticket K7Q2."),
        (NotFound(what="author", id="x"), "No hay ningún autor x."),
        (NotFound(what="teapot", id="x"), "No se ha encontrado `x`."),
    ],
)
def test_what_is_not_there_is_named(missing: NotFound, said: str) -> None:
    assert explain("es", missing) == said


def misunderstood(line: str, ticket: str | None = None) -> Misunderstood:
    answer = parse(line, by="ana", via="desk", ticket=ticket)
    assert isinstance(answer, Misunderstood)
    return answer


@pytest.mark.parametrize(
    ("line", "english", "spanish"),
    [
        ("", "Say what to do, or `help`.", "Di qué hay que hacer, o `ayuda`."),
        (
            "aprovar K7Q2",
            "I do not know `aprovar`. Did you mean `aprobar`?",
            "No conozco `aprovar`. ¿Querías decir `aprobar`?",
        ),
        ("approve", "Which ticket? Say `approve ID [rN]`.", "¿Qué ticket? Di `aprobar ID [rN]`."),
        (
            "edit X3F9 Hola",
            (
                "Is `X3F9` a ticket or the first word of the text? "
                "Say `edit K7Q2 X3F9 …` for the text, `edit #X3F9 …` for the ticket."
            ),
            (
                "¿`X3F9` es un ticket o la primera palabra del texto? "
                "Di `edit K7Q2 X3F9 …` si es del texto, `edit #X3F9 …` si es el ticket."
            ),
        ),
    ],
)
def test_what_was_not_understood_is_asked_back(line: str, english: str, spanish: str) -> None:
    said = misunderstood(line, "K7Q2" if line.startswith("edit") else None)
    assert explain("en", said) == english
    assert explain("es", said) == spanish


ANY = st.text(max_size=20)
PARAMS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(["who", "until", "kind", "because", "url", "seconds", "usage", "word"]) | ANY,
    ANY | st.none() | st.integers() | st.lists(ANY, max_size=2),
    max_size=4,
)
CODES = st.sampled_from([*s.DONE, *s.REASONS, *s.REMEDIES, *s.ANNOUNCED, *s.MISUNDERSTOOD]) | ANY
SAID = st.one_of(
    st.builds(Done, code=CODES, ticket=st.none() | ANY, params=PARAMS),
    st.builds(Refused, reason=CODES, remedy=CODES, ticket=st.none() | ANY, params=PARAMS),
    st.builds(NotFound, what=CODES, id=ANY),
    st.builds(Announce, code=CODES, ticket=st.none() | ANY, params=PARAMS),
    st.builds(Misunderstood, reason=CODES, params=PARAMS, suggestion=st.none() | ANY),
)


@given(st.sampled_from(["en", "es", "xx"]), SAID)
def test_an_explanation_never_fails(locale: str, said: Any) -> None:
    assert isinstance(explain(locale, said), str)


def test_every_value_of_the_core_has_a_name_in_every_language() -> None:
    for kind in (Kind, Severity, Sentiment, TicketStatus, ReplyState, Role, AuthorFlag):
        for value in kind:
            assert label("en", value)
            assert value.value in s.LABELS[kind.__name__]
    assert label("es", Severity.CRITICAL) == "Crítica"
    assert label("es", AuthorFlag.PRESS) == "prensa"


def test_the_help_speaks_the_language_of_the_reader() -> None:
    assert how("en", "approve") == "approve ID [rN]"
    assert how("es", "approve") == "aprobar ID [rN]"
    assert how("es", "next") == "siguiente"
    assert len(help_lines("es")) == len(VERBS)
    assert help_lines("es", "close") == [
        ("cerrar ID [motivo]|ruido [cuenta]", "No hace falta más respuesta (ruido: a todo lo que está recogido).")
    ]


def test_spanish_sentences_name_commands_in_spanish() -> None:
    english = {word for verb in VERBS for word in (verb.name, *verb.also)} - {"crisis", "spam"}
    for table in (s.DONE, s.REASONS, s.REMEDIES, s.ANNOUNCED, s.MISUNDERSTOOD):
        for msgid in table.values():
            shown = text("es", msgid, **dict.fromkeys(places(msgid), "X"))
            commands = [part.split()[0] for part in shown.split("`")[1::2] if part.strip()]
            assert not english & set(commands), shown


def test_what_is_to_be_typed_is_understood_in_every_language() -> None:
    for locale in available():
        for msgid in (*s.DONE.values(), *s.REMEDIES.values(), *s.ANNOUNCED.values()):
            shown = text(locale, msgid, **dict.fromkeys(places(msgid), "K7Q2"))
            for typed in shown.split("`")[1::2]:
                if typed != "K7Q2":
                    answer = parse(typed, by="ana", via="desk")
                    assert not isinstance(answer, Misunderstood), (typed, answer)


# --- the core and the engine say nothing that has no sentence ---------------------------------------------------

SPEAKERS = ("core", "engine")
USES = [
    ("Done", "code", 9, s.DONE),
    ("ChangeResult", "code", 9, s.DONE),
    ("_shown", "code", 1, s.DONE),
    ("_reworded", "code", 9, s.DONE),
    ("refuse", "reason", 1, s.REASONS),
    ("refuse", "remedy", 2, s.REMEDIES),
    ("Refused", "reason", 9, s.REASONS),
    ("Refused", "remedy", 9, s.REMEDIES),
    ("Announce", "code", 9, s.ANNOUNCED),
    ("Finding", "rule", 9, s.FINDINGS),
    ("no", "reason", 0, s.MISUNDERSTOOD),
    ("Misunderstood", "reason", 9, s.MISUNDERSTOOD),
    ("_fall", "because", 9, s.BECAUSE),
]


@pytest.mark.parametrize(("call", "name", "place", "table"), USES)
def test_every_code_has_a_sentence(call: str, name: str, place: int, table: dict[str, str]) -> None:
    found = {
        (file, code)
        for file, called, node in calls(*SPEAKERS)
        if called == call
        for code in literals(argument(node, name, place))
    }
    assert not [(file, code) for file, code in sorted(found) if code not in table]


def test_a_refusal_gives_the_values_that_its_sentence_wants() -> None:
    lacking = []
    for file, called, node in calls(*SPEAKERS):
        if called not in ("refuse", "_shown") or any(keyword.arg is None for keyword in node.keywords):
            continue
        given_values = {keyword.arg for keyword in node.keywords}
        codes = [*literals(argument(node, "code", 1)), *literals(argument(node, "remedy", 2))]
        lacking += [(file, code) for code in codes if not params_of(code) <= given_values]
    assert not lacking
