"""Which new comments are folded away, and into which roll: one for each account and day of the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.core import attachments, folding, sorting
from bot.core.case import ChangeResult
from bot.core.folding import MUTED, Fold
from bot.core.messages import Close, Done, Refused, ShowCard
from bot.core.types import Kind, Visibility
from bot.store import rolls
from bot.store import tables as t
from bot.triage.noise import TAGS, called, noise_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.core.case import Case, Context, StoredItem
    from bot.core.messages import CloseNoise, Outcome
    from bot.core.types import Assessment, AuthorFlag, Item, Person
    from bot.engine.context import Facts
    from bot.engine.parts import Parts
    from bot.store.work import Work

_SAY_NOTHING = frozenset({Kind.NOISE, Kind.COMMENT, Kind.PRAISE})


class Folder:
    """Folds the comments of one batch. Call `finish` at its end: each roll's card is ordered once."""

    def __init__(self, work: Work, parts: Parts, facts: Facts, context: Context) -> None:
        self._work = work
        self._parts = parts
        self._facts = facts
        self._context = context
        self._mutes = [name[5:].casefold() for name in facts.switches if name.startswith("mute:")]
        self._day = work.now.astimezone(parts.tz).date().isoformat()
        self._rolls: dict[str, str] = {}
        self._named: dict[str, frozenset[str]] = {}
        self._busy: dict[int, bool] = {}
        self._touched: set[str] = set()

    def why(
        self, item: Item, author: int | None, assessed: Assessment, *, flag: AuthorFlag | None = None
    ) -> str | None:
        """Why a comment is folded: `muted`, or the noise rule's name; None for one that is not.

        Nothing that an author says whom the team has flagged is noise.
        """
        if not folding.may_fold(assessed):
            return None
        if self._is_muted(item):
            return MUTED
        found = self._noise(item, assessed) if flag is None else None
        # Whoever is being talked to is heard out: a lone emoji may be their answer.
        return None if found is None or (author is not None and self._is_busy(author)) else found

    def into(self, stored: StoredItem, because: str) -> Fold:
        """Put it into the day's roll, which is opened by the first."""
        account = stored.item.account
        known = self._roll_of(account)
        if known is None:
            roll = self._work.new_ticket_id()
            for earlier in rolls.open_rolls(self._work.conn, account):
                self._close(earlier)
            self._work.save(folding.open_roll(roll, stored, self._day, self._context))
        else:
            roll = known.ticket.id
            self._work.save(folding.roll_up(known, stored, self._context))
        self._rolls[account] = roll
        self._touched.add(roll)
        return Fold(roll=roll, because=because)

    def speaks(self, author: int | None) -> None:
        """This author has a ticket of this batch that is not folded."""
        if author is not None:
            self._busy[author] = True

    def touch(self, roll: str | None) -> None:
        """Something in this roll changed."""
        if roll is not None:
            self._touched.add(roll)

    def finish(self) -> None:
        """Order the cards of the rolls that this batch touched."""
        for roll in sorted(self._touched):
            refresh(self._work, roll)
        self._touched.clear()

    # --- rules ------------------------------------------------------------------------------------------------

    def _is_muted(self, item: Item) -> bool:
        if not self._mutes:
            return False
        text = item.text.casefold()
        names = {f"@{name.casefold().lstrip('@')}" for name in (item.author.name, item.author.handle) if name}
        return any(pattern in names if pattern.startswith("@") else pattern in text for pattern in self._mutes)

    def _noise(self, item: Item, assessed: Assessment) -> str | None:
        """Only what anybody can read counts: who writes to us alone, shows something or plays tricks is looked at."""
        rules = self._parts.rules.noise.get(item.account)
        if not rules or item.visibility is not Visibility.PUBLIC or attachments.has_any(item) or assessed.suspicious:
            return None
        found = noise_in(item.text, rules, self._names(item.account))
        if found != TAGS:
            return found
        # A name may be a sentence.
        said = self._facts.assess(called(item.text))
        return found if said.kind in _SAY_NOTHING and folding.may_fold(said) else None

    def _names(self, account: str) -> frozenset[str]:
        """What the account is called on its network, and the brand anywhere."""
        if account not in self._named:
            a = t.accounts.c
            name = self._work.conn.execute(select(a.name).where(a.id == f"network:{account}")).scalar()
            self._named[account] = frozenset(n for n in (name, account, self._parts.rules.brand) if n)
        return self._named[account]

    def _is_busy(self, author: int) -> bool:
        if author not in self._busy:
            self._busy[author] = rolls.has_open(self._work.conn, author)
        return self._busy[author]

    # --- rolls ------------------------------------------------------------------------------------------------

    def _roll_of(self, account: str) -> Case | None:
        if account not in self._rolls:
            found = rolls.roll_of(self._work.conn, account, folding.key_of(self._day))
            if found is None:
                return None
            self._rolls[account] = found
        return self._work.case(self._rolls[account])

    def _close(self, roll: str) -> None:
        case = self._work.case(roll)
        if case is not None:
            self._work.save(folding.past(case, self._context))


def refresh(work: Work, roll: str) -> None:
    """Bring a roll's card up to date, in its own time."""
    case = work.case(roll)
    if case is not None:
        work.effects.append((ShowCard(ticket=roll, gently=True), case))


def close_rolls(
    work: Work, command: CloseNoise, person: Person, context: Context, accounts: Collection[str]
) -> Outcome:
    """Close the rolls of one account or all: nothing in them waits for anybody any more.

    `accounts` are the configured ones; what another has left behind can be closed all the same.
    """
    found = rolls.open_rolls(work.conn, command.account or None)
    comments = 0
    for roll in found:
        case = work.case(roll)
        wish = Close(by=command.by, via=command.via, ticket=roll)
        answer = sorting.close(case, wish, person, context) if case is not None else None
        if isinstance(answer, ChangeResult):
            work.save(answer.change)
            comments += rolls.count_in(work.conn, roll)
    if not found:
        if (unknown := folding.no_such_account(command.account, accounts)) is not None:
            return unknown
        return Refused(reason="no_noise", remedy="none", params={"account": command.account})
    return Done(code="noise_closed", params={"count": comments, "account": command.account})
