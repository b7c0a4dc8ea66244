"""What the contract of team chats needs from the far side of an adapter: a room that tests can look at and act in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from bot.core.ports import TeamChat
from bot.core.types import Person, Room
from tests.contract.chat_world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one person saw of a ticket's card at one moment, with the controls as they were then.

    `text` is what can be read, `links` where one can be led outside the chat, `active` everything in it that would
    do something by itself or call somebody (scripts, mentions, pictures from elsewhere), `controls` the verbs that
    can be pressed. `native` is the side's own: what it needs in order to press them.
    """

    person: str
    ticket: str
    text: str
    links: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    controls: frozenset[str] = frozenset()
    native: Any = None


class ChatSide(Protocol):
    """A chat with its adapter and a world behind it.

    `finds_cards` is False where the service cannot be asked; then `find_card` knows those alone whose answer came.
    `remote` is False where nothing lies between the adapter and its room that could refuse.
    """

    world: World
    chat_id: str
    room: Room
    people: tuple[Person, ...]
    finds_cards: bool
    remote: bool

    @property
    def chat(self) -> TeamChat:
        """The adapter that runs now."""
        ...

    async def start(self) -> None:
        """Bring adapter and service up; the adapter listens."""
        ...

    async def restart(self) -> None:
        """A new adapter, as after a crash: only what it kept, and what the service holds, is left."""
        ...

    async def stop(self) -> None:
        """Take everything down."""
        ...

    def lose_next_answer(self) -> None:
        """The service will do the next thing asked of it, and the answer will be lost (if it can get lost)."""
        ...

    def limit_next(self) -> float:
        """The service will refuse the next message, and ask to come back in so many seconds."""
        ...

    def revoke(self, dead: bool, /) -> None:
        """From now on the token is dead, or alive again."""
        ...

    async def take_away(self, ticket: str) -> None:
        """Somebody deletes the ticket's card, with the thread that it stands in."""
        ...

    async def called(self) -> list[str]:
        """Whom what was said calls: people by our ids, in order, and anybody else by what calls them."""
        ...

    async def pictures(self) -> list[str]:
        """What the pictures that were said are told to show, one by one."""
        ...

    async def cards(self, ticket: str) -> int:
        """How many cards of the ticket stand in the room."""
        ...

    async def see_card(self, person: str, ticket: str) -> View:
        """What this person sees of the card now."""
        ...

    async def decide(self, view: View, verb: str, *, by: str, text: str = "") -> None:
        """Press, react or type what the view offered: `by` is button, reaction or command."""
        ...

    async def intrude(self, ticket: str, verb: str) -> None:
        """Somebody who is not on the team tries a control of this card."""
        ...

    async def private_texts(self, person: str) -> list[str]:
        """Everything that was said to this person alone so far."""
        ...

    async def room_texts(self) -> list[str]:
        """Everything that was said in the room, or in a card's thread, for all to read."""
        ...
