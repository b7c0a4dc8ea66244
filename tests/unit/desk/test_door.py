"""What stands between a stranger's request and a page."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from bot.core.types import Person
from bot.store.errors import DatabaseUnreachable
from handlers.chats.desk import issue_link
from handlers.chats.desk.door import MAX_BODY
from handlers.chats.desk.house import static_version
from tests.contract.desk_side import BASE, OWN, DeskSide

SCRIPT = f"/desk/static/{static_version()}/desk.js"
PAGES = [
    "/desk",
    "/desk/t/K7Q2",
    "/desk/search",
    "/desk/failures",
    "/desk/settings",
    "/desk/settings/rules",
    "/desk/part/list",
    "/desk/part/t/K7Q2",
    "/desk/part/banners",
    "/desk/part/told",
    "/desk/events",
    "/desk/nowhere",
]
POSTS = [
    "/desk/t/K7Q2/approve",
    "/desk/command",
    "/desk/done",
    "/desk/measure",
    "/desk/here",
    "/desk/look",
    "/desk/person",
    "/desk/out",
]


class TestHeaders:
    @pytest.mark.parametrize(
        "path",
        [
            "/desk",
            "/desk/t/NOPE",
            "/desk/nowhere",
            "/desk/settings/x",
            "/desk/in/x",
            SCRIPT,
            "/desk/static/old/desk.js",
        ],
    )
    async def test_every_answer_is_strict(self, desk: DeskSide, path: str) -> None:
        headers = (await (await desk.browser("ana")).get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert ("no-store" in headers["cache-control"]) == (path != SCRIPT)

    async def test_pages_need_nothing_that_the_policy_forbids(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        html = (await (await desk.browser("ana")).get(f"/desk/t/{ticket}")).text
        for forbidden in ("<style", " style=", " onclick", "<script>", "javascript:", "http://fonts", "https://fonts"):
            assert forbidden not in html

    async def test_the_session_cookie_is_strict(self, desk: DeskSide) -> None:
        async with desk.client() as client:
            cookie = (await client.post(await desk.chat.sign_in_link("ana"), data={"go": "in"})).headers["set-cookie"]
        assert {"HttpOnly", "Path=/desk", "SameSite=strict", "Max-Age=1209600"} <= set(cookie.split("; "))
        assert "Secure" not in cookie

    async def test_over_https_it_travels_by_https_only(self, desk: DeskSide) -> None:
        desk.chat._house.base_url = "https://desk.example"
        async with desk.client() as client:
            link = await desk.chat.sign_in_link("ana")
            answer = await client.post(link, data={"go": "in"}, headers={"origin": "https://desk.example"})
        assert "Secure" in answer.headers["set-cookie"].split("; ")


class TestSource:
    @pytest.mark.parametrize("path", [*PAGES, "/desk/in/x", SCRIPT])
    async def test_another_host_name_gets_nothing(self, desk: DeskSide, path: str) -> None:
        answer = await (await desk.browser("ana")).get(path, headers={"host": "evil.example"})
        assert answer.status_code == 421

    @pytest.mark.parametrize("path", [*POSTS, "/desk/in/x"])
    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
            {"origin": "null", "sec-fetch-site": "cross-site"},
            {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
        ],
    )
    async def test_a_form_from_another_site_changes_nothing(
        self, desk: DeskSide, path: str, headers: dict[str, str]
    ) -> None:
        answer = await (await desk.browser("ana")).post(path, data={"revision": "1"}, headers=headers)
        assert answer.status_code == 403
        assert desk.world.submitted == []

    async def test_a_link_is_not_burnt_by_a_form_on_another_site(self, desk: DeskSide) -> None:
        link = await desk.chat.sign_in_link("ana")
        async with desk.client() as client:
            evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
            assert (await client.post(link, data={"go": "in"}, headers=evil)).status_code == 403
            assert (await client.post(link, data={"go": "in"})).status_code == 303


class TestForms:
    @pytest.mark.parametrize("path", POSTS)
    @pytest.mark.parametrize("token", [None, "", "guess", "é" * 64])
    async def test_a_form_without_the_sessions_token_changes_nothing(
        self, desk: DeskSide, path: str, token: str | None
    ) -> None:
        ticket = desk.world.comment()
        fields = {"revision": "1", "line": f"approve {ticket}"} | ({"csrf": token} if token is not None else {})
        answer = await (await desk.browser("luis")).post(path.replace("K7Q2", ticket), data=fields)
        assert answer.status_code == 403
        assert desk.world.submitted == []
        assert (await (await desk.browser("luis")).get("/desk")).status_code == 200

    async def test_another_persons_token_is_no_token(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        stolen = (await desk.page("ana")).forms["/desk/command"].fields["csrf"]
        fields = {"csrf": stolen, "revision": "1"}
        assert (await (await desk.browser("luis")).post(f"/desk/t/{ticket}/approve", data=fields)).status_code == 403

    async def test_the_token_may_come_in_a_header(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        token = (await desk.page("luis")).forms["/desk/command"].fields["csrf"]
        headers = {"x-csrf-token": token, "accept": "application/json"}
        answer = await (await desk.browser("luis")).post(
            f"/desk/t/{ticket}/approve", data={"revision": "1"}, headers=headers
        )
        assert answer.json()["kind"] == "done"

    async def test_a_form_that_is_too_big_is_refused_before_it_is_read_whole(self, desk: DeskSide) -> None:
        read = 0

        async def flood() -> AsyncIterator[bytes]:
            nonlocal read
            for _ in range(100):
                read += MAX_BODY // 4
                yield b"a" * (MAX_BODY // 4)

        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = await (await desk.browser("ana")).post("/desk/command", content=flood(), headers=kind)
        assert answer.status_code == 413
        assert read < 3 * MAX_BODY

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"csrf=%ff%fe", "application/x-www-form-urlencoded", 400),
            ("csrf=ñ".encode(), "application/x-www-form-urlencoded", 400),
            (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded", 400),
            (b"{}", "application/json", 415),
            (b"", "text/plain", 415),
            (b"--x\r\n", "multipart/form-data; boundary=x", 415),
        ],
    )
    async def test_what_is_no_proper_form_is_refused(self, desk: DeskSide, body: bytes, kind: str, status: int) -> None:
        answer = await (await desk.browser("ana")).post("/desk/command", content=body, headers={"content-type": kind})
        assert answer.status_code == status

    async def test_a_script_gets_a_refusal_as_data(self, desk: DeskSide) -> None:
        answer = await (await desk.browser("ana")).post(
            "/desk/command", data={"line": "help"}, headers={"accept": "application/json"}
        )
        assert answer.status_code == 403
        assert answer.json()["kind"] == "refused"


class TestSigningIn:
    @pytest.mark.parametrize("path", PAGES)
    async def test_a_page_needs_a_session(self, desk: DeskSide, path: str) -> None:
        async with desk.client() as client:
            answer = await client.get(path)
        assert answer.status_code == 401
        assert "prints a sign-in link" in answer.text

    async def test_looking_at_a_link_does_not_use_it_up(self, desk: DeskSide) -> None:
        link = await desk.chat.sign_in_link("ana")
        async with desk.client() as client:
            for _ in range(3):
                assert (await client.head(link)).status_code == 200
                shown = await client.get(link)
                assert "Entrar como Ana" in shown.text or "Sign in as Ana" in shown.text
                assert "set-cookie" not in shown.headers
            assert (await client.post(link, data={"go": "in"})).status_code == 303
            assert (await client.get(link)).status_code == 410

    async def test_of_two_who_press_the_button_one_comes_in(self, desk: DeskSide) -> None:
        link = await desk.chat.sign_in_link("ana")
        async with desk.client() as one, desk.client() as other:
            answers = await asyncio.gather(*(client.post(link, data={"go": "in"}) for client in (one, other)))
        assert sorted(answer.status_code for answer in answers) == [303, 410]

    async def test_a_link_made_by_another_process_works(self, desk: DeskSide) -> None:
        link = await issue_link(desk.keep, BASE, "luis")
        async with desk.client() as client:
            assert (await client.post(link, data={"go": "in"})).headers["location"] == "/desk"

    async def test_a_link_of_somebody_who_is_not_on_the_team_opens_nothing(self, desk: DeskSide) -> None:
        async with desk.client() as client:
            assert (await client.post(await desk.chat.sign_in_link("mallory"), data={"go": "in"})).status_code == 410

    async def test_guessing_is_slowed_down_for_whoever_guesses(self, desk: DeskSide) -> None:
        link = await desk.chat.sign_in_link("ana")
        async with desk.client() as guesser, desk.client("10.9.9.9") as other:
            statuses = [(await guesser.get(f"/desk/in/guess{n}")).status_code for n in range(12)]
            assert statuses == [410] * 10 + [429] * 2
            refused = await guesser.post(link, data={"go": "in"})
            assert int(refused.headers["retry-after"]) > 0
            assert (await other.post(link, data={"go": "in"})).status_code == 303

    async def test_signing_in_gives_a_new_session_whatever_cookie_was_there(self, desk: DeskSide) -> None:
        async with desk.client() as client:
            client.cookies.set("portavoz_desk", "planted", domain="127.0.0.1", path="/desk")
            await client.post(await desk.chat.sign_in_link("ana"), data={"go": "in"})
            assert (await client.get("/desk")).status_code in {200, 401}
            assert await desk.chat._house.sessions.read("planted") is None

    async def test_signing_out_ends_the_session_on_the_server_too(self, desk: DeskSide) -> None:
        client = await desk.browser("ana")
        cookie = client.cookies["portavoz_desk"]
        token = (await desk.page("ana")).forms["/desk/out"].fields["csrf"]
        assert (await client.post("/desk/out", data={"csrf": token})).status_code == 200
        async with desk.client() as thief:
            answer = await thief.get("/desk", headers={"cookie": f"portavoz_desk={cookie}"})
        assert answer.status_code == 401

    async def test_who_leaves_the_team_is_out_at_once(self, desk: DeskSide) -> None:
        client = await desk.browser("eva")
        del desk.world.team["eva"]
        answer = await client.get("/desk")
        assert answer.status_code == 401
        assert "not on the team any more" in answer.text

    async def test_a_link_from_another_site_comes_back_by_itself_with_the_cookie(self, desk: DeskSide) -> None:
        async with desk.client() as client:
            answer = await client.get("/desk", headers={"sec-fetch-site": "cross-site"})
            assert '<meta http-equiv="refresh" content="0">' in answer.text
            assert '<meta http-equiv="refresh"' not in (await client.get("/desk")).text


class TestProxy:
    async def test_a_listed_peer_vouches_for_a_person(self, desk: DeskSide) -> None:
        async with desk.client("10.0.0.7") as client:
            client.headers["x-forwarded-user"] = "luis"
            ticket = desk.world.comment()
            assert "Luis" in (await client.get("/desk")).text
            token = desk.chat._house.sessions
            session = await token.read(client.cookies["portavoz_desk"])
            assert session is not None
            posted = await client.post(f"/desk/t/{ticket}/approve", data={"csrf": session.csrf, "revision": "1"})
            assert posted.status_code == 303
            assert [wish.by for wish in desk.world.submitted] == ["luis"]

    async def test_from_anybody_else_the_header_means_nothing(self, desk: DeskSide) -> None:
        async with desk.client("192.0.2.1") as client:
            assert (await client.get("/desk", headers={"x-forwarded-user": "luis"})).status_code == 401
        ana = await desk.browser("ana")
        assert "Luis" not in (await ana.get("/desk", headers={"x-forwarded-user": "luis"})).text

    async def test_a_name_that_is_not_on_the_team_gets_nothing(self, desk: DeskSide) -> None:
        async with desk.client("10.0.0.7") as client:
            assert (await client.get("/desk", headers={"x-forwarded-user": "mallory"})).status_code == 403

    async def test_another_name_means_another_session(self, desk: DeskSide) -> None:
        async with desk.client("10.0.0.7") as client:
            await client.get("/desk", headers={"x-forwarded-user": "luis"})
            first = client.cookies["portavoz_desk"]
            await client.get("/desk", headers={"x-forwarded-user": "eva"})
            assert client.cookies["portavoz_desk"] != first


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "/desk/static/..%2f__init__.py",
            "/desk/static/%2e%2e/%2e%2e/__init__.py",
            "/desk/static/adapter.py",
            "/desk/static/desk.css%00.py",
            "/desk/t/..%2f..%2fetc",
            "/desk/t/%3Cscript%3E",
            "/desk/t/" + "K" * 5000,
            "/desk/t/K7Q2/delete",
        ],
    )
    async def test_nothing_outside_is_served(self, desk: DeskSide, path: str) -> None:
        client = await desk.browser("ana")
        answer = await client.get(path)
        assert answer.status_code in {404, 405}
        assert "<script>" not in answer.text

    async def test_no_form_leads_away_from_the_desk(self, desk: DeskSide) -> None:
        for line in ("search //evil.example", "show //EVIL", "search \r\nlocation: https://evil.example"):
            token = (await desk.page("ana")).forms["/desk/command"].fields["csrf"]
            answer = await (await desk.browser("ana")).post("/desk/command", data={"csrf": token, "line": line})
            assert answer.headers["location"].startswith("/desk")
            assert "\n" not in answer.headers["location"]

    async def test_a_ticket_field_cannot_choose_where_to_go(self, desk: DeskSide) -> None:
        token = (await desk.page("ana")).forms["/desk/command"].fields["csrf"]
        fields = {"csrf": token, "line": "note x", "ticket": "/../../evil.example"}
        answer = await (await desk.browser("ana")).post("/desk/command", data=fields)
        assert answer.headers["location"] == "/desk"

    async def test_a_slash_at_the_end_is_forgiven(self, desk: DeskSide) -> None:
        assert (await (await desk.browser("ana")).get("/desk/")).headers["location"] == "/desk"

    async def test_the_styles_and_the_script_may_be_kept(self, desk: DeskSide) -> None:
        async with desk.client() as client:
            answer = await client.get(SCRIPT)
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


class TestStarting:
    async def test_before_the_bot_listens_people_are_asked_to_wait(self, desk: DeskSide) -> None:
        client = await desk.browser("ana")
        link = await desk.chat.sign_in_link("luis")
        assert desk._task is not None
        desk._task.cancel()
        await asyncio.wait([desk._task])
        for answer in (await client.get("/desk"), await client.post("/desk/command", data={"line": "help"})):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "2"
        async with desk.client() as newcomer:
            assert (await newcomer.get(link)).status_code == 200
            assert (await newcomer.post(link, data={"go": "in"})).status_code == 503
            desk._task = asyncio.create_task(desk.chat.listen(desk.world, desk.world))
            await asyncio.sleep(0)
            assert (await newcomer.post(link, data={"go": "in"})).status_code == 303

    async def test_while_the_database_is_away_people_are_told_so(
        self, desk: DeskSide, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def people() -> list[Person]:
            raise DatabaseUnreachable("The server is away.", "Start it.")

        client = await desk.browser("luis")
        monkeypatch.setattr(desk.world, "people", people)
        answer = await client.get("/desk")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert "its database is away" in answer.text

    @pytest.mark.parametrize(("tongue", "how"), [("en", "portavoz link NAME"), ("es", "portavoz link NOMBRE")])
    async def test_who_is_not_signed_in_learns_how_and_gets_no_button_back_to_here(
        self, desk: DeskSide, tongue: str, how: str
    ) -> None:
        async with desk.client() as client:
            client.cookies.clear()
            answer = await client.get("/desk", headers={"accept-language": tongue})
        assert answer.status_code == 401
        assert f"<code>{how}</code>" in answer.text
        assert 'href="/desk"' not in answer.text
        elsewhere = await (await desk.browser("ana")).get("/desk/nowhere")
        assert 'href="/desk"' in elsewhere.text

    async def test_a_refusal_is_in_the_browsers_language(self, desk: DeskSide) -> None:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(desk.app),
            base_url=BASE,
            headers={**OWN, "accept-language": "es-MX,es;q=0.9"},
        ) as client:
            assert 'lang="es"' in (await client.get("/desk")).text
