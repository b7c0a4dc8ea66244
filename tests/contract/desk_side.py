"""The desk as the contract of team chats sees it: browsers without scripts, one for each person."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from bot.core.types import Person, Room
from handlers.chats.desk import Config, DeskChat, create
from tests.contract.chat_side import View
from tests.contract.chat_world import TEAM, Drawer, World

BASE = "http://127.0.0.1:8080"
OWN = {"origin": BASE, "sec-fetch-site": "same-origin"}


@dataclass
class Form:
    """A form as a browser would send it: `fields` are the hidden ones and the buttons' own names."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """A page as a person without scripts reads it. Text fields are not text: what stands there is being written."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.answers: list[str] = []
        self.said: list[str] = []
        self.links: list[str] = []
        self.active: list[str] = []
        self.forms: dict[str, Form] = {}
        self.fields: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._field = ""
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._judge(tag, given)
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action", ""), Form(given.get("action", "")))
        elif tag == "input" and given.get("type") == "hidden":
            self._form.fields[given["name"]] = given.get("value", "")
        elif tag == "a" and not given.get("href", "").startswith(("/desk", "/wall", "#")):
            self.links.append(given.get("href", ""))
        elif tag == "textarea":
            self._field = given.get("name", "") + given.get("id", "")
            self.fields[self._field] = ""
        if tag == "div" and given.get("class", "").startswith("answer"):
            self.answers.append("")
        if tag == "details" and given.get("class") == "said-list":
            self.said.append("")
        if tag not in {"input", "meta", "link", "br", "path"}:
            self._open.append((tag, given.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if "textarea" in tags:
            self.fields[self._field] += data
            return
        if not {"head", "style", "script", "option"} & set(tags):
            self.words.append(data)
            if any(name.startswith("answer") for _, name in self._open):
                self.answers[-1] += data
            if ("details", "said-list") in self._open:
                self.said[-1] += data

    def _judge(self, tag: str, given: dict[str, str]) -> None:
        own = ("/desk", "/wall", "#", "data:image/svg+xml", "https://wall.example/")
        for name in ("src", "href", "action", "formaction", "data", "srcset"):
            if name in given and not given[name].startswith(own):
                self.active.append(f"{tag} {name}={given[name]}")
        self.active += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        if tag in {"iframe", "object", "embed", "base", "img", "style", "video", "audio"}:
            self.active.append(tag)
        if tag == "script" and re.fullmatch(r"/desk/static/[0-9a-f]{12}/desk\.js", given.get("src", "")) is None:
            self.active.append("script")


class DeskSide:
    """A desk that is listening, and the browsers of its people."""

    chat_id = "desk"
    finds_cards = True
    remote = False
    people: tuple[Person, ...] = TEAM
    room = Room(id="desk", chat="desk", locale="en")

    def __init__(self, *, demo: bool = False) -> None:
        self.world = World()
        self.keep = Drawer(self.world.clock)
        self.demo = demo
        self._browsers: dict[str, httpx2.AsyncClient] = {}
        self._private: dict[str, list[str]] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def chat(self) -> DeskChat:
        return self._chat

    async def start(self) -> None:
        self._chat = create(
            Config(),
            data=Path("unused"),
            base_url=BASE,
            secret="pepper",
            keep=self.keep,
            people=TEAM,
            demo=self.demo,
            brand="Acme",
            trusted_proxies=("10.0.0.0/8",),
            clock=self.world.clock,
        )
        self.app = Starlette(routes=self.chat.routes())
        self._task = asyncio.create_task(self.chat.listen(self.world, self.world))
        await asyncio.sleep(0)
        for client in self._browsers.values():  # the browsers outlive the process, cookies and all
            client._transport = httpx2.ASGITransport(self.app)

    async def stop(self) -> None:
        await self.chat.aclose()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def lose_next_answer(self) -> None:
        """Nothing lies between the desk and its room: no answer can get lost."""

    def limit_next(self) -> float:
        """Nothing lies between that could have limits."""
        return 0.0

    def revoke(self, dead: bool, /) -> None:
        """The desk has no token of anybody's."""

    async def take_away(self, ticket: str) -> None:
        """Nobody can take a page away."""
        pytest.skip("a page cannot be taken away")

    async def called(self) -> list[str]:
        """Nobody: what is said at the desk is seen by whoever looks."""
        return []

    async def pictures(self) -> list[str]:
        """None: they have a page of their own."""
        return []

    def client(self, address: str = "127.0.0.1") -> httpx2.AsyncClient:
        """A browser that nobody has signed in with."""
        transport = httpx2.ASGITransport(self.app, client=(address, 50000))
        return httpx2.AsyncClient(transport=transport, base_url=BASE, headers=OWN)

    async def browser(self, person: str) -> httpx2.AsyncClient:
        """This person's browser, signed in."""
        if person not in self._browsers:
            client = self._browsers[person] = self.client()
            entered = await client.post(await self.chat.sign_in_link(person), data={"go": "in"})
            assert entered.status_code == 303, entered.text
        return self._browsers[person]

    async def page(self, person: str, path: str = "/desk") -> Page:
        answer = await (await self.browser(person)).get(path)
        page = Page(answer.text)
        self._private.setdefault(person, []).extend(" ".join(text.split()) for text in page.answers)
        return page

    async def send(self, person: str, path: str, fields: dict[str, str]) -> Page:
        """Post a form and look at the page that follows."""
        answer = await (await self.browser(person)).post(path, data=fields)
        assert answer.status_code == 303, answer.text
        return await self.page(person, answer.headers["location"])

    async def cards(self, ticket: str) -> int:
        html = (await (await self.browser("luis")).get("/desk")).text
        return html.count(f'href="/desk/t/{ticket}"')

    async def see_card(self, person: str, ticket: str) -> View:
        page = await self.page(person, f"/desk/t/{ticket}")
        prefix = f"/desk/t/{ticket}/"
        return View(
            person=person,
            ticket=ticket,
            text=page.text,
            links=tuple(page.links),
            active=tuple(page.active),
            controls=frozenset(action.removeprefix(prefix) for action in page.forms if action.startswith(prefix)),
            native=page,
        )

    async def decide(self, view: View, verb: str, *, by: str, text: str = "") -> None:
        page: Page = view.native
        command = page.forms["/desk/command"].fields
        if by == "command":
            fields = {**command, "line": f"{verb} {text}".strip()}
            await self.send(view.person, "/desk/command", fields)
            return
        action = f"/desk/t/{view.ticket}/{verb}"
        # A button that this person is not shown can still be pressed by whoever writes the request by hand.
        shown = page.forms.get(action, Form(action, {"csrf": command["csrf"], "revision": command["revision"]}))
        typed = {"text": text.replace("\n", "\r\n")} if text else {}
        await self.send(view.person, action, {**shown.fields, **typed})

    async def intrude(self, ticket: str, verb: str) -> None:
        async with self.client() as stranger:
            answer = await stranger.post(f"/desk/t/{ticket}/{verb}", data={"revision": "1", "csrf": "guess"})
            assert answer.status_code == 401

    async def private_texts(self, person: str) -> list[str]:
        await self.page(person)
        return self._private[person]

    async def room_texts(self) -> list[str]:
        return (await self.page("eva")).said
