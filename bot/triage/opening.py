"""How a drafted reply opens: by the time of day only where that will still be right when people have approved it."""

from __future__ import annotations

from typing import NamedTuple


class _Hello(NamedTuple):
    always: str
    morning: str
    afternoon: str
    mornings: range
    afternoons: range


# The hours leave some time to approve: what is drafted at ten still reads well at noon.
_HELLO = {
    "es": _Hello("Hola", "Buenos d\u00edas", "Buenas tardes", range(7, 11), range(15, 18)),
    "en": _Hello("Hi", "Good morning", "Good afternoon", range(7, 10), range(13, 16)),
}
_HALF = 16


def hello(language: str, hour: int | None, seed: int) -> str:
    """The greeting word: half of the drafts, by their seed, say the time of day, in the hours in which it is sure.

    `hour` is 0 to 23 in the team's time zone, None where it is not known. Empty for a language without greetings.
    """
    words = _HELLO.get(language)
    if words is None:
        return ""
    if hour is None or not seed & _HALF:
        return words.always
    if hour in words.mornings:
        return words.morning
    return words.afternoon if hour in words.afternoons else words.always
