"""Emoji under a draft: who reacted how, and what pressing one wishes for. A reaction is a decision like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.types import Person
from bot.core.views import Card, ReplyView


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji's verb, who it stands for now, whether one's own is among them, and whether pressing it does something.

    Where one's own stands, pressing it takes it back: `verb` is `undo` then.
    """

    name: str
    verb: str
    people: tuple[str, ...] = ()
    mine: bool = False
    live: bool = True


_PLAIN = ("redraft", "claim", "escalate", "close")


def reactions(card: Card, me: Person, granted: Sequence[str], now: datetime) -> tuple[Reaction, ...]:
    """The row of emoji: approvals first, then what else may be done with one press."""
    found = [_approvals(card.reply, me, granted), _claim(card, me, granted, now)]
    found += [Reaction(name=verb, verb=verb) for verb in _PLAIN if verb in granted and verb != "claim"]
    return tuple(one for one in found if one.live or one.people)


def _approvals(reply: ReplyView | None, me: Person, granted: Sequence[str]) -> Reaction:
    yes = [one for one in reply.decisions if one.verdict == "approve" and one.counts] if reply else []
    people = tuple(dict.fromkeys(one.person for one in yes))
    mine = me.id in people
    verb = "undo" if mine and "undo" in granted else "approve"
    live = verb in granted and (verb == "undo" or not mine)
    return Reaction(name="approve", verb=verb, people=people, mine=mine, live=live)


def _claim(card: Card, me: Person, granted: Sequence[str], now: datetime) -> Reaction:
    line = card.line
    held = line.claimed_by if line.claimed_until is not None and line.claimed_until > now else None
    people = (held,) if held else ()
    return Reaction(name="claim", verb="claim", people=people, mine=held == me.id, live="claim" in granted and not held)
