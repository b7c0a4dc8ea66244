"""Builders for tests of the pure core: people, items, a context with simple fakes, and cases in every state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.core import publishing
from bot.core.briefs import Draft
from bot.core.case import Case, Change, ChangeResult, Context, StoredItem
from bot.core.deciding import approve
from bot.core.folding import MUTED, Fold
from bot.core.intake import open_ticket
from bot.core.messages import Approve, OnTicket, Refused
from bot.core.ports import Capabilities, Idempotency
from bot.core.rules import Rules
from bot.core.types import Assessment, Author, Finding, Item, Kind, Person, Role, Sentiment, Severity, version_of

T0 = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TICKET = "K7Q2"
RULES = Rules()

PEOPLE: Mapping[str, Person] = {
    person.id: person
    for person in (
        Person(id="vera", name="Vera", role=Role.VIEWER),
        Person(id="ada", name="Ada", role=Role.AGENT),
        Person(id="luis", name="Luis", role=Role.APPROVER),
        Person(id="pia", name="Pía", role=Role.APPROVER),
        Person(id="ana", name="Ana", role=Role.LEAD),
        Person(id="iris", name="Iris", role=Role.LEAD, active=False),
    )
}


def check(text: str, _: Case, author: Person | None) -> tuple[str | None, tuple[Finding, ...]]:
    """BLOCK in a text blocks it; PROMISE blocks a drafter and only warns a person; MONEY takes two people."""
    if "MONEY" in text:
        return "en", (Finding(rule="money", level="warn", approvers=2),)
    if "BLOCK" in text or ("PROMISE" in text and author is None):
        return "en", (Finding(rule="forbidden", level="block", words="BLOCK"),)
    return "en", ((Finding(rule="promise", level="warn"),) if "PROMISE" in text else ())


def draft(case: Case, hint: str) -> Draft | None:
    """Names the comment; nothing to propose for a comment that says SILENCE."""
    text = case.item.item.text
    return None if "SILENCE" in text else Draft(text=f"About «{text}»{hint and ': '}{hint}", source="fake")


def assess(text: str) -> Assessment:
    """`danger` is critical, a question mark makes a question, ZZZ is in no known language."""
    return Assessment(
        language=None if "ZZZ" in text else "en",
        certainty=0.9,
        kind=Kind.QUESTION if "?" in text else Kind.COMPLAINT,
        sentiment=Sentiment.NEGATIVE,
        severity=Severity.CRITICAL if "danger" in text else Severity.NORMAL,
    )


def capabilities(kind: Idempotency = "none", window: timedelta | None = None) -> Capabilities:
    return Capabilities(ingest=frozenset({"poll"}), can_reply=True, idempotency=kind, idempotency_window=window)


def context(
    now: datetime = T0,
    *,
    crisis: bool = False,
    people: Mapping[str, Person] = PEOPLE,
    rules: Rules = RULES,
    drafter: Callable[[Case, str], Draft | None] = draft,
) -> Context:
    return Context(
        now=now,
        rules=rules,
        people=people,
        crisis=crisis,
        check=check,
        draft=drafter,
        assess=assess,
    )


def after(seconds: float, **more: Any) -> Context:
    """A context so long after the beginning."""
    return context(T0 + timedelta(seconds=seconds), **more)


def with_person(name: str, **changed: Any) -> dict[str, Person]:
    """The team with somebody changed."""
    return {**PEOPLE, name: replace(PEOPLE[name], **changed)}


def item(native_id: str = "a", text: str = "The soup was cold", **more: Any) -> Item:
    values: dict[str, Any] = {
        "account": "wall",
        "native_id": native_id,
        "version": version_of(text),
        "author": Author(id="c1", name="Carla"),
        "text": text,
        "created_at": T0,
        "thread_key": "t",
    }
    return Item(**(values | more))


def stored(row: int = 1, native_id: str = "a", text: str = "The soup was cold", **more: Any) -> StoredItem:
    number, gone = more.pop("number", 1), more.pop("gone", False)
    return StoredItem(id=row, item=item(native_id, text, **more), number=number, gone=gone)


def opening(text: str = "The soup was cold", *, muted: bool = False, now: Context | None = None) -> Change:
    first = stored(text=text)
    fold = Fold(roll="R0LL", because=MUTED) if muted else None
    return open_ticket(TICKET, first, 1, assess(text), now or context(), fold=fold)


def proposed(text: str = "The soup was cold") -> Case:
    """A ticket with a draft."""
    return opening(text).case


def bare() -> Case:
    """A ticket without any reply."""
    return opening("SILENCE").case


def approved(text: str = "The soup was cold") -> Case:
    """A draft with all the approvals that it needs, in its undo window since T0."""
    case = proposed(text)
    for name in ("luis", "ana")[: case.reply.quorum if case.reply else 0]:
        case = done(approve(case, wish(Approve, name), PEOPLE[name], context())).change.case
    return case


def publishing_case(text: str = "The soup was cold") -> Case:
    """A reply whose intent is on record, eleven seconds after its approval."""
    return publishing.start(approved(text), after(11)).case


W = TypeVar("W", bound=OnTicket)


def wish(kind: type[W], by: str, /, **more: Any) -> W:
    return kind(by=by, via="desk", ticket=TICKET, **more)


def done(answer: ChangeResult | Refused) -> ChangeResult:
    assert isinstance(answer, ChangeResult), answer
    return answer


def no(answer: ChangeResult | Refused) -> tuple[str, str]:
    """Reason and remedy of a refusal."""
    assert isinstance(answer, Refused), answer
    assert answer.ticket == TICKET
    return answer.reason, answer.remedy
