import asyncio

from handlers.chats.desk.sessions import Sessions, issue_link, link_owner, use_link
from tests.contract.chat_world import Clock, Drawer


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


class TestLinks:
    async def test_a_link_works_once(self) -> None:
        keep = Drawer(Clock())
        link = await issue_link(keep, "https://desk.example/", "ana")
        assert link.startswith("https://desk.example/desk/in/")
        token = token_of(link)
        assert await link_owner(keep, token) == "ana"
        assert await link_owner(keep, token) == "ana"
        assert sorted(map(str, await asyncio.gather(use_link(keep, token), use_link(keep, token)))) == ["None", "ana"]
        assert await link_owner(keep, token) is None

    async def test_a_link_is_over_after_fifteen_minutes(self) -> None:
        clock = Clock()
        keep = Drawer(clock)
        token = token_of(await issue_link(keep, "http://127.0.0.1:8080", "ana"))
        clock.forward(minutes=15)
        assert await use_link(keep, token) is None

    async def test_links_differ_and_are_long(self) -> None:
        keep = Drawer(Clock())
        tokens = {token_of(await issue_link(keep, "http://h", "ana")) for _ in range(10)}
        assert len(tokens) == 10
        assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64

    async def test_what_is_kept_opens_nothing(self) -> None:
        keep = Drawer(Clock())
        token = token_of(await issue_link(keep, "http://h", "ana"))
        session = await Sessions(keep, "pepper", Clock()).open("ana")
        kept = " ".join([*keep.rows, *(value for value, _ in keep.rows.values())])
        assert token not in kept
        assert session.token not in kept
        assert session.csrf not in kept


class TestSessions:
    async def test_a_session_belongs_to_who_signed_in(self) -> None:
        sessions = Sessions(Drawer(Clock()), None, Clock())
        ana, luis = await sessions.open("ana"), await sessions.open("luis")
        found = await sessions.read(luis.token)
        assert found is not None
        assert found.person == "luis"
        assert ana.csrf != luis.csrf
        assert ana.mark != luis.mark

    async def test_unknown_empty_and_giant_cookies_are_nobodys(self) -> None:
        sessions = Sessions(Drawer(Clock()), None, Clock())
        assert [await sessions.read(token) for token in (None, "", "guess", "x" * 100_000)] == [None] * 4

    async def test_a_session_slides_while_it_is_used_and_ends_when_it_is_not(self) -> None:
        clock = Clock()
        sessions = Sessions(Drawer(clock), None, clock)
        token = (await sessions.open("ana")).token
        for _ in range(3):
            clock.forward(days=10)
            used = await sessions.read(token)
            assert used is not None
            assert used.stale
        clock.forward(days=14)
        assert await sessions.read(token) is None

    async def test_it_is_not_written_at_each_look(self) -> None:
        clock = Clock()
        keep = Drawer(clock)
        sessions = Sessions(keep, None, clock)
        token = (await sessions.open("ana")).token
        before = dict(keep.rows)
        clock.forward(minutes=59)
        looked = await sessions.read(token)
        assert looked is not None
        assert not looked.stale
        assert keep.rows == before

    async def test_a_closed_session_stays_closed(self) -> None:
        sessions = Sessions(Drawer(Clock()), None, Clock())
        session = await sessions.open("ana")
        await sessions.close(session)
        assert await sessions.read(session.token) is None

    async def test_another_secret_ends_every_session(self) -> None:
        keep = Drawer(Clock())
        token = (await Sessions(keep, "old", Clock()).open("ana")).token
        assert await Sessions(keep, "new", Clock()).read(token) is None
