"""The page of what waits for a person: replies of unknown fate, replies to be posted by hand, orders given up."""

from __future__ import annotations

from starlette.responses import Response

from bot.core.letters import Letter, LetterState
from bot.core.types import Person
from bot.core.words import BY_NAME
from bot.locale import LetterText, letter
from handlers.chats.desk.door import Visit
from handlers.chats.desk.pages import whole

Shown = tuple[Letter, LetterText, frozenset[str]]


async def page(visit: Visit) -> Response:
    """All of them, with what can be done about each by whoever looks."""
    found = await visit.engine.read.letters()
    context: dict[str, object] = {
        "failures": [_shown(visit, one) for one in found],
        "mutes": await visit.engine.read.mutes(),
        "retries": sum("retry" in one.remedies for one in found) > 1 and _may(visit.person, "retry"),
    }
    return await whole(visit, "part_failures.html", context, page="failures")


def _shown(visit: Visit, one: Letter) -> Shown:
    """The letter, its words, and the verbs that have a button: the others are for the ticket's page."""
    buttons = {"retry", "done"} if one.state is LetterState.DEAD else {"retry", "settle"}
    granted = frozenset(verb for verb in one.remedies if verb in buttons and _may(visit.person, verb))
    return one, letter(visit.person.locale, one, tz=visit.house.tz), granted


def _may(person: Person, verb: str) -> bool:
    return verb in BY_NAME and person.role.covers(BY_NAME[verb].role)
