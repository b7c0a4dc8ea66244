"""A digest in words: its order, its two languages, quiet days, hostile words, and everything on one screen."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.digest import Agenda, Digest, Objective, Said, Scheduled, Span, Standing, Topic, Vanished
from bot.core.figures import Drafts
from bot.core.press import Headline
from bot.core.report import Answers, Step, Volume
from bot.core.types import Kind, Light, Message, Sentiment, Severity, TicketStatus, Visibility
from bot.core.views import TicketLine
from bot.reports.digest import compose, pictured
from bot.reports.digest_words import Tongue, short, usual

NOW = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
SPAN = Span(first=date(2026, 11, 20), days=1, tz=ZoneInfo("Europe/Madrid"))
DESK = "https://bot.example/desk"
HOSTILE = "<!channel> \u202e@everyone [x](javascript:alert(1))\n\n*b* " + "long " * 500
ROSA = Said(ticket="K7Q2", author="Rosa", text="The lid was broken", account="wall", url="https://x.test/1", reach=1200)
QUIET = Digest(span=SPAN, now=NOW, sent=date(2026, 11, 21))
BUSY = replace(
    QUIET,
    arrived={("wall", "complaint"): 12, ("shop", "praise"): 30},
    earlier=({("wall", "complaint"): 10, ("shop", "praise"): 21},) * 5,
    volume=Volume(unit="hour", steps=(Step(since=NOW, until=NOW + timedelta(hours=1), negative=12, positive=30),)),
    answers=Answers(total=30, in_time=20, late=4, median_minutes=23.2, p90_minutes=181.0),
    drafts=Drafts(as_drafted=10, edited=3, discarded=2, own=1),
    headlines=tuple(
        Headline(title=f"News {n}", url=f"https://press.test/{n}", source="press.test", at=NOW) for n in range(5)
    ),
    agenda=Agenda(entries=(Scheduled(title="Fair"), Scheduled(title="Launch", at=NOW + timedelta(hours=2)))),
    topics=(Topic(words=("lid", "broken"), size=12, example=ROSA, unusual=True, copies=4),),
    read=42,
    reach=12300,
    voices=(ROSA,),
    advocates=(replace(ROSA, many=3),),
    suggestions=(ROSA, ROSA),
    waiting=4,
    overdue=1,
    silent=(("shop", 3),),
    lights=(
        Light(code="account_expiring", state="warn", params={"part": "network", "account": "m", "day": "2026-11-24"}),
    ),
    vanished=(Vanished(what="reply", ticket="AAAA", at=NOW), Vanished(what="comment", ticket="BBBB", at=NOW)),
    praise=ROSA,
    standings=(
        Standing(objective=Objective(share=90, minutes=60, kind=Kind.COMPLAINT), met=9, total=12),
        Standing(objective=Objective(share=90, name="Everybody"), met=999, total=1000),
        Standing(objective=Objective(share=10, account="wall"), met=0, total=0),
    ),
    seal="5ea1" * 16,
)
ORDER = {
    "en": [
        "What happened",
        "In the press",
        "Scheduled today",
        "What they say",
        "Do they talk about us?",
        "Waiting longest",
        "What was answered",
        "To check",
        "Praise of the day",
        "Objectives",
        "",
    ],
    "es": [
        "Qué pasó",
        "En la prensa",
        "Programado para hoy",
        "Qué dicen",
        "¿Hablan de nosotros?",
        "Los que más esperan",
        "Qué se ha respondido",
        "Por revisar",
        "Elogio del día",
        "Objetivos",
        "",
    ],
}


def lines(message: Message, title: str) -> list[str]:
    return [line.text for section in message.sections if section.title == title for line in section.lines]


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_busy_day_is_told_in_the_order_of_the_day_on_one_screen(locale: str) -> None:
    message = compose(BUSY, locale, DESK)
    assert [section.title for section in message.sections] == ORDER[locale]
    assert len(message.text.splitlines()) <= 40
    assert message.text.startswith(message.title)
    assert all(line.text in message.text for section in message.sections for line in section.lines)
    [picture] = pictured(message).pictures
    assert picture.contents.startswith(b"\x89PNG")
    assert len(picture.contents) < 100_000
    assert "42" in picture.alt


def test_figures_stand_beside_what_is_usual_and_what_is_wanted() -> None:
    english, spanish = compose(BUSY, "en"), compose(BUSY, "es")
    assert lines(english, "What happened")[:2] == [
        "42 comments came in. Usual on such a day: 31.",
        "shop 30 (usual 21) · wall 12 (usual 10)",
    ]
    assert lines(spanish, "Qué pasó")[0] == "Han llegado 42 comentarios. Lo habitual en un día así: 31."
    assert "In time: 83%. Half of them within 23 minutes, nine of ten within 3 hours." in english.text
    assert lines(spanish, "Objetivos") == [
        "✗ Queja, respuesta en menos de 1 hora: 75 % (objetivo: 90 %)",
        "✓ Everybody: 99 % (objetivo: 90 %)",
        "– wall, con respuesta: no había nada que responder.",
    ]
    assert "Reach: 12,300 people." in english.text
    assert "Alcance: 12.300 personas." in spanish.text


def test_details_are_what_has_no_room_and_the_whole_seal() -> None:
    message = compose(BUSY, "en", DESK)
    details = {section.title: section.lines for section in message.details}
    assert len(details["In the press"]) == 5
    assert lines(message, "In the press")[-1] == "… and 2 more."
    assert details["Record"][0].text.endswith("5ea1" * 16)
    assert [line.url for line in details["To check"]][1:] == [f"{DESK}/t/AAAA", f"{DESK}/t/BBBB"]


def test_who_waits_is_named_once_and_leads_to_where_answers_are_given() -> None:
    waits = tuple(
        TicketLine(
            id=name,
            status=TicketStatus.OPEN,
            account="wall",
            author="Rosa",
            text="The lid was broken",
            kind=Kind.COMPLAINT,
            severity=Severity.NORMAL,
            sentiment=Sentiment.NEGATIVE,
            language="en",
            opened_at=NOW - timedelta(hours=3),
            updated_at=NOW,
            due_at=None,
            url="https://x.test/1",
            assignee=None,
            claimed_by=None,
            claimed_until=None,
            visibility=Visibility.PUBLIC,
            reply_state=None,
            revision=None,
            draft=None,
        )
        for name in ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE")
    )
    message = compose(replace(BUSY, longest=waits), "en", DESK)
    shown = [
        line for part in (*message.sections, *message.details) if part.title == "Waiting longest" for line in part.lines
    ]
    assert [line.url for line in shown[1:]] == [f"{DESK}/t/{one.id}" for one in waits]
    alone = compose(replace(BUSY, longest=waits[:3]), "en")
    assert [line.url for part in alone.sections if part.title == "Waiting longest" for line in part.lines[1:]] == [
        "https://x.test/1"
    ] * 3
    assert "Waiting longest" not in [part.title for part in alone.details]


def test_a_quiet_day_says_so_in_one_line() -> None:
    assert compose(QUIET, "en").text.splitlines()[1:] == ["What happened: A quiet day. Nothing came in."]
    assert compose(QUIET, "es").text.splitlines()[1:] == ["Qué pasó: Un día tranquilo. No ha llegado nada."]
    idle = replace(QUIET, standings=(Standing(objective=Objective(share=90), met=0, total=0),))
    assert compose(idle, "en").text == compose(QUIET, "en").text
    assert [chart.name for chart in compose(replace(BUSY, answers=Answers()), "en").charts] == ["volume"]
    quiet = pictured(compose(QUIET, "en"))
    assert (quiet.charts, quiet.pictures) == ((), ())
    week = replace(QUIET, span=replace(SPAN, days=7))
    assert compose(week, "es").title == "Resumen: vie, 20 nov – jue, 26 nov 2026"
    assert compose(week, "en").title == "Digest: Fri, Nov 20 – Thu, Nov 26, 2026"


def test_days_that_are_not_over_say_so_and_one_answer_is_no_distribution() -> None:
    alone = replace(QUIET, now=SPAN.until - timedelta(hours=15), answers=replace(BUSY.answers, total=1))
    said = compose(alone, "es").text.splitlines()
    assert said[-1] == "El día no ha terminado: hasta las 9:00."
    assert any(line.endswith("Tardó 23 minutos.") for line in said), said


def test_nothing_is_said_twice() -> None:
    other = replace(ROSA, ticket="AAAA", text="Thank you for the new lid")
    [_, voice, *_] = lines(compose(replace(BUSY, praise=other), "en"), "Do they talk about us?")
    assert voice == "Top voice, reach 1,200: “The lid was broken” — Rosa"
    [_, voice, *_] = lines(compose(BUSY, "en"), "Do they talk about us?")
    assert voice == "Top voice, reach 1,200: Rosa, with the praise of the day"
    alone = replace(BUSY, arrived={("wall", "complaint"): 12}, earlier=({("wall", "praise"): 10},) * 5)
    assert lines(compose(alone, "es"), "Qué pasó")[:2] == [
        "Han llegado 12 comentarios. Lo habitual en un día así: 10.",
        "Queja 12 (habitual: 0)",
    ]
    all_alike = replace(BUSY.topics[0], copies=12)
    [theme] = lines(compose(replace(BUSY, topics=(all_alike,)), "en"), "What they say")
    assert theme.startswith("lid, broken (12 times, far more than usual, all nearly alike): ")


@pytest.mark.parametrize(
    ("drafts", "said"),
    [
        (Drafts(as_drafted=10, edited=1), "Borradores: 10 enviados tal cual, uno editado."),
        (Drafts(discarded=2, own=1), "Borradores: 2 descartados. Una respuesta sin borrador."),
        (Drafts(own=3), "3 respuestas sin borrador."),
        (Drafts(), None),
    ],
)
def test_of_what_became_of_no_draft_nothing_is_said(drafts: Drafts, said: str | None) -> None:
    shown = lines(compose(replace(BUSY, drafts=drafts), "es"), "Qué se ha respondido")
    assert shown[1:] == ([said] if said else [])


def test_a_model_s_words_stand_in_the_place_of_the_themes_which_move_to_the_details() -> None:
    message = compose(replace(BUSY, phrase="Lids break."), "en")
    assert lines(message, "What they say") == ["Lids break."]
    assert "lid, broken (12 times" in "".join(line.text for one in message.details for line in one.lines)


def test_what_was_said_too_few_weeks_ago_is_not_called_usual() -> None:
    assert (usual([1, 2, 3]), usual([4, 1, 2, 3])) == (None, 3)
    told = replace(BUSY, earlier=BUSY.earlier[:3])
    assert "usual" not in compose(told, "en").text.lower().replace("than usual", "")


def test_hostile_words_are_harmless_and_short() -> None:
    said = replace(ROSA, author=HOSTILE, text=HOSTILE, url="javascript:alert(1)")
    topic = Topic(words=("\u202ex", "y"), size=3, example=said)
    told = replace(
        BUSY,
        topics=(topic,) * 5,
        voices=(said,) * 3,
        advocates=(said,),
        suggestions=(said,),
        praise=said,
        headlines=(Headline(title=HOSTILE, url="javascript:1", source=HOSTILE, at=NOW),),
        agenda=Agenda(entries=(Scheduled(title=HOSTILE, where=HOSTILE),)),
        phrase="",
        standings=(Standing(objective=Objective(share=1, name="\u202e"), met=1, total=1),),
    )
    message = compose(told, "en")
    shown = [line for section in (*message.sections, *message.details) for line in section.lines]
    assert all("\u202e" not in line.text and "\n" not in line.text for line in shown)
    assert max(len(line.text) for line in shown) < 700
    assert {line.url for line in shown if line.url} <= {f"https://press.test/{n}" for n in range(5)}


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("The lid was broken.", "The lid was broken."),
        ("The lid was broken, twice", "The lid was broken…"),
        ("The lid was broken. It leaks", "The lid was broken…"),
        ("The lid was brokenhearted", "The lid was…"),
        ("An unpronounceableword", "An unpronounceablew…"),
        ("a" * 30, "a" * 19 + "…"),
        ("a " * 200, "a a a a a a a a a a…"),
    ],
)
def test_what_is_too_long_ends_after_a_word(words: str, shown: str) -> None:
    assert short(words, 20) == shown


def test_a_share_is_never_rounded_up_to_all() -> None:
    tongue = Tongue("en", UTC)
    assert [tongue.percent(share) for share in (0.999, 1.0, 0.5, 0.0)] == ["99%", "100%", "50%", "0%"]
