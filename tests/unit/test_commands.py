"""The command grammar, verb by verb, in both languages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.core import messages as m
from bot.core.commands import (
    MAX_TEXT,
    VERBS,
    Answer,
    Digest,
    Failures,
    Health,
    Help,
    Inbox,
    Misunderstood,
    Mutes,
    Next,
    Noise,
    Press,
    Search,
    Show,
    Stats,
    parse,
    person_named,
    role_for,
    usage,
)
from bot.core.queries import AuthorPage
from bot.core.types import AuthorFlag, Kind, Person, Role, Severity
from bot.core.words import BY_WORD, fold

WHO: dict[str, Any] = {"by": "ana", "via": "desk"}
K: dict[str, Any] = {**WHO, "ticket": "K7Q2"}


def say(line: str, ticket: str | None = None) -> Answer:
    return parse(line, by="ana", via="desk", ticket=ticket)


def reason(line: str, ticket: str | None = None) -> str:
    answer = say(line, ticket)
    assert isinstance(answer, Misunderstood), answer
    return answer.reason


EXAMPLES: list[tuple[str, str, Answer]] = [
    ("approve K7Q2", "aprobar k7q2", m.Approve(**K)),
    ("approve K7Q2 r3", "aprueba K7Q2 3", m.Approve(**K, revision=3)),
    ("refuse K7Q2 too cold", "rechazar K7Q2 too cold", m.Refuse(**K, reason="too cold")),
    ("reply K7Q2 Hola", "responder K7Q2 Hola", m.Write(**K, text="Hola")),
    ("edit K7Q2 Hola", "editar K7Q2 Hola", m.Edit(**K, text="Hola")),
    ("redraft K7Q2", "otra K7Q2", m.Redraft(**K)),
    ("redraft K7Q2 shorter", "reescribir K7Q2 shorter", m.Redraft(**K, hint="shorter")),
    ("redraft K7Q2 x3 shorter", "otra K7Q2 X3 shorter", m.Redraft(**K, alternatives=3, hint="shorter")),
    ("redraft K7Q2 --alternatives 2", "otra K7Q2 --alternativas=2", m.Redraft(**K, alternatives=2)),
    ("redraft K7Q2 r4", "otra K7Q2 R4", m.Redraft(**K, revision=4)),
    ("redraft K7Q2 x9 x3x", "otra K7Q2 x9 x3x", m.Redraft(**K, hint="x9 x3x")),
    ("undo K7Q2", "deshacer K7Q2", m.Undo(**K)),
    ("settle K7Q2 posted", "resolver K7Q2 publicado", m.Settle(**K, posted=True)),
    ("settle K7Q2 absent", "resolver K7Q2 ausente", m.Settle(**K, posted=False)),
    (
        "settle K7Q2 posted https://a.example/1",
        "resolver K7Q2 publicado https://a.example/1",
        m.Settle(**K, posted=True, url="https://a.example/1"),
    ),
    ("claim K7Q2", "tomar K7Q2", m.Claim(**K)),
    ("assign K7Q2", "asignar K7Q2", m.Assign(**K)),
    ("assign K7Q2 @luis", "asignar K7Q2 luis", m.Assign(**K, person="luis")),
    ("ask K7Q2 @luis why?", "preguntar K7Q2 @luis: why?", m.Ask(**K, person="luis", question="why?")),
    ("wait K7Q2", "esperar K7Q2", m.Wait(**K)),
    ("close K7Q2", "cerrar K7Q2", m.Close(**K)),
    ("close K7Q2 solved", "cierra K7Q2 solved", m.Close(**K, reason="solved")),
    ("reopen K7Q2", "reabrir K7Q2", m.Reopen(**K)),
    ("snooze K7Q2 2h", "posponer K7Q2 2 horas", m.Snooze(**K, span=timedelta(hours=2))),
    ("snooze K7Q2 tomorrow", "posponer K7Q2 MAÑANA", m.Snooze(**K, span=timedelta(days=1))),
    ("snooze K7Q2 30m", "pospón K7Q2 30 minutos", m.Snooze(**K, span=timedelta(minutes=30))),
    ("snooze K7Q2 1d", "posponer K7Q2 1 día", m.Snooze(**K, span=timedelta(days=1))),
    ("escalate K7Q2", "escalar K7Q2", m.Escalate(**K)),
    ("escalate K7Q2 @ana", "escalar K7Q2 @ana", m.Escalate(**K, person="ana")),
    ("kind K7Q2 complaint", "tipo K7Q2 reclamación", m.SetKind(**K, kind=Kind.COMPLAINT)),
    ("severity K7Q2 critical", "gravedad K7Q2 crítica", m.SetSeverity(**K, severity=Severity.CRITICAL)),
    ("note K7Q2 call her", "nota K7Q2 call her", m.AddNote(**K, text="call her")),
    ("failures", "fallos", Failures()),
    ("failures #e17", "fallos E17", Failures(about="E17")),
    ("failures k7q2", "errores K7Q2.3", Failures(about="K7Q2")),
    ("retry", "reintentar", m.Retry(**WHO)),
    ("retry all", "reintentar todo", m.Retry(**WHO)),
    ("retry e17", "reintenta #E17", m.Retry(**WHO, about="E17")),
    ("retry K7Q2", "reintentar k7q2.1", m.Retry(**WHO, about="K7Q2")),
    ("done E17", "hecho e17", m.MarkDone(**WHO, about="E17")),
    (
        "done E17 by hand: https://a.example/1",
        "hecho E17 by hand: https://a.example/1",
        m.MarkDone(**WHO, about="E17", note="by hand: https://a.example/1"),
    ),
    ("mutes", "silenciados", Mutes()),
    ("noise", "ruido", Noise()),
    ("noise Wall", "ruido wall", Noise(account="wall")),
    ("close noise", "cerrar ruido", m.CloseNoise(**WHO)),
    ("close noise wall", "cierra RUIDO Wall", m.CloseNoise(**WHO, account="wall")),
    ("press", "prensa", Press()),
    ("press 2w", "prensa 14 días", Press(days=14)),
    ("mute @troll", "silenciar @troll", m.Mute(**WHO, pattern="@troll")),
    ("unmute @troll", "oír @troll", m.Unmute(**WHO, pattern="@troll")),
    ("mute buy now", "silencia buy now", m.Mute(**WHO, pattern="buy now")),
    ("pause", "pausar", m.Pause(**WHO)),
    ("pause fire", "pausa fire", m.Pause(**WHO, reason="fire")),
    ("resume", "reanudar", m.Resume(**WHO)),
    ("crisis on recall", "crisis sí recall", m.Crisis(**WHO, on=True, topic="recall")),
    ("sample play", "ejemplo reproducir", m.PlaySample(**WHO, over=timedelta(minutes=3))),
    ("sample now", "ejemplo ya", m.PlaySample(**WHO, over=timedelta(0))),
    ("sample hide", "ejemplo ocultar", m.ArchiveSample(**WHO)),
    ("crisis off", "CRISIS No", m.Crisis(**WHO, on=False)),
    ("inbox", "bandeja", Inbox()),
    ("inbox mine", "bandeja mías", Inbox(mine=True)),
    ("inbox all", "bandeja todas", Inbox(all=True)),
    ("next", "siguiente", Next()),
    ("show K7Q2", "ver K7Q2", Show(ticket="K7Q2")),
    ("author K7Q2", "autor K7Q2", AuthorPage(ticket="K7Q2")),
    ("flag K7Q2 advocate", "marcar #k7q2 embajadora", m.FlagAuthor(**K, flag=AuthorFlag.ADVOCATE)),
    ("flag K7Q2 none", "marca K7Q2 ninguna", m.FlagAuthor(**K, flag=None)),
    ("about K7Q2 call her", "sobre K7Q2 call her", m.NoteAuthor(**K, text="call her")),
    ("search late order", "buscar late order", Search(words="late order")),
    ("stats", "cifras", Stats(days=7)),
    ("stats 30d", "cifras 30 días", Stats(days=30)),
    ("stats 2w", "cifras 14", Stats(days=14)),
    ("stats drafts", "cifras borradores", Stats(drafts=True)),
    ("stats drafts 2w", "cifras borrador 14 días", Stats(days=14, drafts=True)),
    ("digest", "resumen", Digest()),
    ("digest yesterday", "resumen ayer", Digest(days_ago=1)),
    ("digest today", "resumen hoy", Digest(days_ago=0)),
    ("digest 2026-11-20", "resumen 2026-11-20", Digest(day=date(2026, 11, 20))),
    ("health", "salud", Health()),
    ("help", "ayuda", Help()),
    ("help edit", "ayuda editar", Help(topic="edit")),
]


@pytest.mark.parametrize(("english", "spanish", "expected"), EXAMPLES)
def test_every_verb_is_understood_in_english_and_in_spanish(english: str, spanish: str, expected: Answer) -> None:
    assert say(english) == expected
    assert say(spanish) == expected


def test_in_a_thread_a_close_is_about_that_thread() -> None:
    assert say("close noise", "K7Q2") == m.Close(**K, reason="noise")


def test_the_examples_above_leave_no_verb_out() -> None:
    assert {BY_WORD[fold(english.split()[0])].name for english, _, _ in EXAMPLES} == {v.name for v in VERBS}


@pytest.mark.parametrize(
    "line", ["/approve K7Q2", "/approve@portavoz_bot K7Q2", "portavoz approve k7q2", " APPROVE\tK7Q2\n"]
)
def test_the_habits_of_chats_are_forgiven(line: str) -> None:
    assert say(line) == m.Approve(**K)


@pytest.mark.parametrize("written", ["K7Q2", "k7q2", "#K7Q2", "K7Q2:", "#k7q2,"])
def test_a_ticket_may_be_written_with_marks_around_it(written: str) -> None:
    assert say(f"reply {written} Hola") == m.Write(**K, text="Hola")


def test_a_text_is_kept_exactly_inside_and_trimmed_outside() -> None:
    assert say("edit K7Q2 \n Hola,  Eva:\n\n\tgracias\u00a0😊\u200d \n") == m.Edit(
        **K, text="Hola,  Eva:\n\n\tgracias\u00a0😊\u200d"
    )


def test_words_are_one_verb_each() -> None:
    words = [fold(word) for verb in VERBS for word in {verb.name, *verb.also, *verb.spanish}]
    assert len(words) == len(set(words))
    assert all(verb.spanish for verb in VERBS)
    assert all(fold(word) == word for verb in VERBS for word in (verb.name, *verb.also))


# --- in a thread ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("approve", m.Approve(**K)),
        ("approve 2", m.Approve(**K, revision=2)),
        ("edit Hola, Eva", m.Edit(**K, text="Hola, Eva")),
        ("edit K7Q2 Hola", m.Edit(**K, text="Hola")),
        ("edit 2345 clientes lo saben", m.Edit(**K, text="2345 clientes lo saben")),
        ("reply psst, mira", m.Write(**K, text="psst, mira")),
        ("edit K7Q2 25km de atasco", m.Edit(**K, text="25km de atasco")),
        ("snooze 48hrs", m.Snooze(**K, span=timedelta(hours=48))),
        ("snooze 2h", m.Snooze(**K, span=timedelta(hours=2))),
        ("ask @luis ok?", m.Ask(**K, person="luis", question="ok?")),
        ("show", Show(ticket="K7Q2")),
        ("close", m.Close(**K)),
        ("kind queja", m.SetKind(**K, kind=Kind.COMPLAINT)),
        ("retry", m.Retry(**WHO, about="K7Q2")),
        ("retry all", m.Retry(**WHO)),
        ("failures", Failures()),
    ],
)
def test_in_a_thread_the_ticket_may_be_left_out(line: str, expected: Answer) -> None:
    assert say(line, ticket="K7Q2") == expected


def test_in_a_thread_another_ticket_can_be_named() -> None:
    other = {**WHO, "ticket": "X3F9"}
    assert say("approve X3F9", ticket="K7Q2") == m.Approve(**other)
    assert say("snooze BCDF 2h", ticket="K7Q2") == m.Snooze(**WHO, ticket="BCDF", span=timedelta(hours=2))
    assert say("edit #X3F9 Hola", ticket="K7Q2") == m.Edit(**other, text="Hola")


@pytest.mark.parametrize("line", ["edit X3F9 Hola", "edit 25km de atasco", "reply HSBC informa", "note x3f9: mira"])
def test_in_a_thread_a_word_that_may_be_another_ticket_is_asked_about(line: str) -> None:
    answer = say(line, ticket="K7Q2")
    assert isinstance(answer, Misunderstood)
    assert answer.reason == "which_ticket"
    verb, word, rest = line.split(None, 2)
    again = say(f"{answer.suggestion} {rest}", ticket="K7Q2")
    assert getattr(again, "text", None) == f"{word} {rest}", (verb, again)


# --- what is not understood -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("/portavoz", "empty"),
        ("approve", "ticket_missing"),
        ("edit", "ticket_missing"),
        ("edit Hola qué tal", "not_a_ticket"),
        ("approve K7Q", "not_a_ticket"),
        ("approve K7O2", "not_a_ticket"),
        ("approve ßßß", "not_a_ticket"),
        ("approve K7Q2 please", "too_much"),
        ("undo K7Q2 now", "too_much"),
        ("show K7Q2 now", "too_much"),
        ("resume now", "too_much"),
        ("next one", "too_much"),
        ("inbox yours", "too_much"),
        ("assign K7Q2 @luis @ana", "too_much"),
        ("edit K7Q2", "text_missing"),
        ("reply K7Q2", "text_missing"),
        ("note K7Q2", "text_missing"),
        ("mute @", "text_missing"),
        ("search", "text_missing"),
        ("ask K7Q2 @luis", "text_missing"),
        ("ask K7Q2 luis why?", "person_missing"),
        ("ask K7Q2", "person_missing"),
        ("ask K7Q2 @ why", "person_missing"),
        ("snooze K7Q2", "bad_span"),
        ("snooze K7Q2 0h", "bad_span"),
        ("snooze K7Q2 2 parsecs", "bad_span"),
        ("snooze K7Q2 400d", "bad_span"),
        ("kind K7Q2", "unknown_kind"),
        ("severity K7Q2 awful", "unknown_severity"),
        ("crisis", "unknown_switch"),
        ("settle K7Q2", "unknown_fate"),
        ("settle K7Q2 posted javascript:alert(1)", "bad_url"),
        ("settle K7Q2 absent https://a.example", "bad_url"),
        ("stats 0d", "bad_days"),
        ("stats 5m", "bad_days"),
        ("stats week", "bad_days"),
        ("stats drafts week", "bad_days"),
        ("digest someday", "bad_day"),
        ("retry me", "not_a_failure"),
        ("retry E17 now", "not_a_failure"),
        ("failures 17", "not_a_failure"),
        ("failures É17", "not_a_failure"),
        ("done", "not_a_failure"),
        ("done K7Q2 https://a.example", "settle_it"),
        ("done E17 " + "a" * 2001, "text_too_long"),
        ("mutes all", "too_much"),
        ("noise wall now", "too_much"),
        ("close noise wall now", "too_much"),
        ("press ever", "bad_days"),
        ("help me", "unknown_verb"),
        ("gibberish", "unknown_verb"),
    ],
)
def test_what_is_no_command_says_why(line: str, why: str) -> None:
    assert reason(line) == why


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("aprove K7Q2", "approve"),
        ("apobar K7Q2", "aprobar"),
        ("snoze K7Q2 2h", "snooze"),
        ("kind K7Q2 complain", "complaint"),
        ("severity K7Q2 hihg", "high"),
        ("tipo K7Q2 quejas", "queja"),
        ("settle K7Q2 publicada!", "publicada"),
        ("done K7Q2", "settle K7Q2 posted"),
        ("done k7q2.1 https://a.example/9", "settle K7Q2 posted https://a.example/9"),
    ],
)
def test_a_slip_of_the_finger_brings_a_suggestion(typed: str, meant: str) -> None:
    answer = say(typed)
    assert isinstance(answer, Misunderstood)
    assert answer.suggestion == meant


def test_texts_are_taken_up_to_the_limit_and_refused_beyond() -> None:
    assert say("edit K7Q2 " + "a" * MAX_TEXT) == m.Edit(**K, text="a" * MAX_TEXT)
    answer = say("edit K7Q2 " + "a" * (MAX_TEXT + 1))
    assert answer == Misunderstood(reason="text_too_long", params={"length": MAX_TEXT + 1, "limit": MAX_TEXT})
    assert reason("search " + "a" * 401) == "text_too_long"
    assert reason("mute " + "a" * 201) == "text_too_long"


# --- people and roles -----------------------------------------------------------------------------------------

TEAM = [
    Person(id="ana", name="Ana Ruiz"),
    Person(id="luis", name="Luis"),
    Person(id="jose1", name="José Gil"),
    Person(id="jose2", name="José Mar"),
    Person(id="eva", name="Eva", active=False),
]


@pytest.mark.parametrize(
    ("word", "id"),
    [
        ("ana", "ana"),
        ("@ANA", "ana"),
        ("Luis", "luis"),
        ("José Gil", "jose1"),
        ("jose", None),
        ("eva", None),
        ("", None),
        ("@", None),
    ],
)
def test_a_person_is_named_by_id_name_or_first_name_when_only_one_is_meant(word: str, id: str | None) -> None:
    assert person_named(word, TEAM) == id


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("inbox", Role.VIEWER),
        ("show K7Q2", Role.VIEWER),
        ("edit K7Q2 a", Role.AGENT),
        ("reply K7Q2 a", Role.AGENT),
        ("note K7Q2 a", Role.AGENT),
        ("kind K7Q2 spam", Role.AGENT),
        ("severity K7Q2 low", Role.AGENT),
        ("pause", Role.AGENT),
        ("failures", Role.VIEWER),
        ("mutes", Role.VIEWER),
        ("noise", Role.VIEWER),
        ("close noise", Role.AGENT),
        ("retry", Role.AGENT),
        ("done E17", Role.APPROVER),
        ("approve K7Q2", Role.APPROVER),
        ("undo K7Q2", Role.APPROVER),
        ("settle K7Q2 absent", Role.APPROVER),
        ("mute a", Role.APPROVER),
        ("crisis on", Role.APPROVER),
        ("sample play", Role.AGENT),
        ("sample hide", Role.AGENT),
        ("crisis off", Role.LEAD),
        ("resume", Role.LEAD),
    ],
)
def test_stopping_is_easy_and_going_on_needs_a_lead(line: str, role: Role) -> None:
    answer = say(line)
    assert not isinstance(answer, Misunderstood)
    assert role_for(answer) is role


def test_every_wish_has_a_role_and_every_verb_a_usage() -> None:
    for _, _, expected in EXAMPLES:
        assert not isinstance(expected, Misunderstood)
        assert role_for(expected) in Role
    assert usage("approve") == "approve ID [rN]"
    assert usage("next") == "next"
    with pytest.raises(KeyError):
        usage("aprobar")
