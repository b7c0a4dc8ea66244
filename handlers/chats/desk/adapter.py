"""The desk as a team chat: cards are pages, made anew from the Reader each time somebody looks."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.foreign import visible
from bot.core.ports import Can, Intake, Keep, Reader
from bot.core.types import Budget, CardRef, Message, Person, Room
from bot.core.views import Card
from handlers.chats.desk import authors, configured, digests, failures, pages, posts, reports, signin, small
from handlers.chats.desk.board import Board
from handlers.chats.desk.door import Page, Visit, door, no_such_page, porch, see_other
from handlers.chats.desk.house import STATIC, Engine, House, static_file, static_version
from handlers.chats.desk.reading import Reading
from handlers.chats.desk.security import Attempts
from handlers.chats.desk.sessions import Sessions, issue_link


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class DeskChat:
    """The embedded web page where the team works. Implements `bot.core.ports.TeamChat`."""

    can: ClassVar[frozenset[str]] = frozenset({Can.EDIT_FORM, Can.PRIVATE_ANSWER})
    budget: ClassVar[Budget] = Budget(rate=1000.0, burst=1000)
    says_once: ClassVar[bool] = True
    # People come to the process whose pages they have open, so each has to listen.
    everywhere: ClassVar[bool] = True

    def __init__(
        self,
        *,
        chat: str,
        base_url: str,
        secret: str | None,
        keep: Keep,
        people: Sequence[Person],
        demo: bool,
        brand: str,
        trusted_proxies: Sequence[str],
        clock: Callable[[], datetime] = utc_now,
        tz: tzinfo = UTC,
    ) -> None:
        # Older cards the Reader knows.
        self._posted: deque[str] = deque(maxlen=1000)
        self._house = House(
            chat=chat,
            base_url=base_url,
            keep=keep,
            people=tuple(people),
            demo=demo,
            brand=brand,
            trusted_proxies=tuple(trusted_proxies),
            clock=clock,
            tz=tz,
            sessions=Sessions(keep, secret, clock),
            attempts=Attempts(time.monotonic),
            board=Board(keep, clock),
            reading=Reading(keep),
        )

    async def sign_in_link(self, person_id: str) -> str:
        """A link that signs this person in once, within 15 minutes."""
        return await issue_link(self._house.keep, self._house.base_url, person_id)

    async def listen(self, intake: Intake, read: Reader) -> None:
        """Serve people until cancelled; they come through `routes()`."""
        self._house.engine = Engine(intake, read)
        try:
            await asyncio.Event().wait()
        finally:
            self._house.engine = None

    async def post(self, room: Room, card: Card) -> CardRef:
        """Tell open pages about a ticket that is new to them."""
        self._posted.append(card.line.id)
        self._notify(card)
        return CardRef(room=room.id, native=card.line.id)

    async def find_card(self, room: Room, card: Card) -> CardRef | None:
        """The desk shows whatever the Reader knows, so a card that was ever written is there."""
        known = card.line.id in self._posted
        if not known and self._house.engine is not None:
            known = await self._house.engine.read.card(card.line.id) is not None
        return CardRef(room=room.id, native=card.line.id) if known else None

    async def update(self, ref: CardRef, card: Card) -> None:
        """Tell open pages to look again."""
        self._notify(card)

    async def say(self, where: Room | CardRef, message: Message) -> None:
        """Say it on open pages, and keep it among the last 50 for those that come later."""
        ticket = where.native if isinstance(where, CardRef) else None
        saying = await self._house.board.say(message, ticket=ticket)
        if saying is not None:
            self._house.hub.publish(
                "say",
                lambda locale: {"text": visible(saying.words(locale, self._house.tz)), "ticket": saying.ticket},
            )

    async def tell(self, person: Person, where: CardRef, text: str) -> None:
        """Say it on this person's open pages, and keep it for their next look."""
        line = await self._house.board.tell(person.id, text, ticket=where.native)
        said = {"text": visible(text), "ticket": where.native, "key": line.key}
        self._house.hub.publish("tell", said, person=person.id)

    def routes(self) -> list[Route]:
        """Everything under /desk."""
        house = self._house

        def get(path: str, page: Page) -> Route:
            return Route(path, door(house, page), methods=["GET"])

        def post(path: str, page: Page) -> Route:
            return Route(path, door(house, page), methods=["POST"])

        return [
            get("/desk", pages.inbox_page),
            get("/desk/search", pages.search_page),
            get("/desk/digest", digests.newest),
            get("/desk/digest/{day}", digests.page),
            get("/desk/failures", failures.page),
            get("/desk/reports", reports.page),
            get("/desk/reports/{name}.csv", reports.sheet),
            get("/desk/a/{number}", authors.page),
            post("/desk/a/{number}/{verb}", authors.wish),
            get("/desk/settings", configured.page),
            get("/desk/settings/{section}", configured.page),
            get("/desk/t/{ticket}", pages.thread_page),
            get("/desk/part/list", pages.list_part),
            get("/desk/part/t/{ticket}", pages.thread_part),
            get("/desk/part/banners", pages.banners_part),
            get("/desk/part/told", pages.told_part),
            get("/desk/events", pages.events),
            post("/desk/t/{ticket}/{verb}", posts.act),
            post("/desk/command", posts.command_box),
            post("/desk/done", posts.done),
            post("/desk/measure", small.measure),
            post("/desk/here", small.here),
            post("/desk/look", small.look),
            post("/desk/person", posts.switch_person),
            post("/desk/out", posts.sign_out),
            Route("/desk/", porch(house, _without_slash), methods=["GET"]),
            Route("/desk/in/{token}", signin.link_page(house), methods=["GET"]),
            Route("/desk/in/{token}", signin.link_button(house), methods=["POST"]),
            Route("/desk/static/{version}/{name}", porch(house, _static), methods=["GET"]),
            Route("/desk/{rest:path}", door(house, _nowhere), methods=["GET"]),
        ]

    async def aclose(self) -> None:
        """End the streams of open pages."""
        self._house.hub.close()

    def _notify(self, card: Card) -> None:
        self._house.hub.publish("ticket", {"ticket": card.line.id, "version": card.line.version})


async def _without_slash(_request: Request) -> Response:
    return see_other("/desk")


async def _nowhere(_visit: Visit) -> Response:
    raise no_such_page()


async def _static(request: Request) -> Response:
    """Style sheet, scripts and icon; their addresses change with their contents, so they may be kept."""
    name = str(request.path_params["name"])
    if name not in STATIC:
        raise no_such_page()
    current = request.path_params["version"] == static_version()
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if current else "no-store"}
    return Response(static_file(name), media_type=STATIC[name], headers=headers)
