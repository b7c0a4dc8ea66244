"""Search, failures, settings and the small answers that open pages ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.core import messages as m
from bot.core.letters import Letter, LetterState, Muting
from bot.core.routing import Route
from bot.core.setup import About, KnownFile, NetworkView, Option, PromptFile, Setup
from bot.core.types import Person, Role, Room, Severity
from handlers.chats.desk.live import PER_PERSON
from handlers.chats.desk.words import LETTERS
from tests.contract.chat_world import START
from tests.contract.desk_side import DeskSide

LUIS = "luis"


def lost(ticket: str) -> Letter:
    return Letter(
        id=f"{ticket}.1",
        type="publish",
        state=LetterState.UNCERTAIN,
        part="network",
        place="wall",
        since=START - timedelta(hours=2),
        reason="<b>timeout</b>\u202e",
        ticket=ticket,
        attempts=3,
        text="Sorry, <b>Marta</b>.",
        target_url="https://wall.example/c/1",
        manual_url="javascript:alert(1)",
        remedies=("settle", "retry", "escalate"),
    )


GIVEN_UP = Letter(
    id="E17",
    type="card",
    state=LetterState.DEAD,
    part="room",
    place="care",
    since=START,
    reason="gone",
    remedies=("retry", "done"),
)


async def csrf(desk: DeskSide, person: str = LUIS) -> str:
    return (await desk.page(person)).forms["/desk/command"].fields["csrf"]


class TestSearch:
    async def test_what_was_found_is_marked_and_leads_to_its_thread(self, desk: DeskSide) -> None:
        ticket = desk.world.comment("My <b>bicycle</b> \u202eis blue.")
        html = (await (await desk.browser(LUIS)).get("/desk/search?q=bicycle")).text
        assert "&lt;b&gt;<mark>bicycle</mark>&lt;/b&gt;" in html
        assert "⟨U+202E⟩" in html
        assert f'href="/desk/t/{ticket}"' in html

    async def test_more_than_a_page_can_be_paged_through_without_scripts(self, desk: DeskSide) -> None:
        tickets = {desk.world.comment(f"Bicycle number {n}.") for n in range(45)}
        client, found, html, path = await desk.browser(LUIS), set[str](), "", "/desk/search?q=bicycle"
        for _ in range(3):
            html = (await client.get(path)).text
            found |= {one for one in tickets if f'"/desk/t/{one}"' in html}
            _, _, more = html.partition('rel="next" href="')
            path = more.partition('"')[0].replace("&amp;", "&")
        assert found == tickets
        assert path == ""
        assert "That was all." in html

    async def test_nothing_found_and_nothing_understood_say_how_to_search(self, desk: DeskSide) -> None:
        for query in ("zebra%20%3Cscript%3E", "kind:nonsense", ""):
            page = await desk.page("ana", f"/desk/search?q={query}")
            assert "tipo:queja" in page.text
            assert page.active == []
        assert "Eso no es una búsqueda." in (await desk.page("ana", "/desk/search?q=kind:nonsense")).text

    async def test_the_command_line_searches_too(self, desk: DeskSide) -> None:
        client = await desk.browser(LUIS)
        answer = await client.post("/desk/command", data={"csrf": await csrf(desk), "line": "search kind:nonsense"})
        page = await desk.page(LUIS, answer.headers["location"])
        assert "Not done." in page.answers[0]


class TestFailures:
    async def test_each_says_what_happened_and_offers_what_helps_to_whoever_may(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        desk.world.waiting = [lost(ticket), GIVEN_UP]
        page = await desk.page(LUIS, "/desk/failures")
        assert "Fate unknown" in page.text
        assert "attempts: 3" in page.text
        assert "<b>timeout</b>⟨U+202E⟩" in page.text
        assert page.active == []
        assert {f"/desk/t/{ticket}/settle", "/desk/done", "/desk/command"} <= set(page.forms)
        viewer = await desk.page("tom", "/desk/failures")
        assert not {f"/desk/t/{ticket}/settle", "/desk/done"} & set(viewer.forms)

    async def test_every_sort_of_failure_has_its_word_and_place(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        desk.world.waiting = [replace(lost(ticket), id=f"K.{state}", state=state) for state in LetterState]
        page = await desk.page(LUIS, "/desk/failures")
        assert [state for state in LETTERS if LETTERS[state].label not in page.text] == []
        assert set(LETTERS) == set(LetterState)

    async def test_trying_again_is_a_command_and_leads_back(self, desk: DeskSide) -> None:
        desk.world.waiting = [GIVEN_UP]
        fields = {"csrf": await csrf(desk), "line": "retry E17", "back": "/desk/failures"}
        page = await desk.send(LUIS, "/desk/command", fields)
        assert desk.world.submitted == [m.Retry(by=LUIS, via="desk", about="E17")]
        assert "Failures" in page.text

    async def test_what_somebody_took_care_of_goes_with_a_note(self, desk: DeskSide) -> None:
        desk.world.waiting = [GIVEN_UP]
        fields = (await desk.page(LUIS, "/desk/failures")).forms["/desk/done"].fields
        page = await desk.send(LUIS, "/desk/done", {**fields, "note": " https://chat.example/1 "})
        assert desk.world.submitted == [m.MarkDone(by=LUIS, via="desk", about="E17", note="https://chat.example/1")]
        assert "Nothing waits for a person." in page.text

    @pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/desk/../x", "/desk/t/<b>", "/wall"])
    async def test_a_form_leads_back_to_pages_of_the_desk_alone(self, desk: DeskSide, back: str) -> None:
        client, token = await desk.browser(LUIS), await csrf(desk)
        for path, fields in (("/desk/command", {"line": "health"}), ("/desk/look", {"look": "dark"})):
            answer = await client.post(path, data={"csrf": token, "back": back, **fields})
            assert answer.headers["location"] == "/desk"

    async def test_what_is_folded_away_can_be_shown_again(self, desk: DeskSide) -> None:
        desk.world.muted = [Muting(pattern="@<b>noisy</b>", by=LUIS, at=START)]
        assert "@<b>noisy</b>" in (await desk.page(LUIS, "/desk/failures")).text


class TestSettings:
    async def test_a_network_shows_how_it_does_its_tokens_end_and_its_lines(self, desk: DeskSide) -> None:
        desk.world.network = NetworkView(
            id="masto-1",
            type="mastodon",
            state="auth",
            name="@panaderia",
            detail="401 <b>revoked</b>",
            since=START,
            expires_at=START + timedelta(days=3),
        )
        page = await desk.page(LUIS, "/desk/settings")
        for said in (
            "Its token is dead",
            "401 <b>revoked</b>",
            "dies in 3 days",
            "posted by hand",
            '[[networks]] id = "masto-1" type = "mastodon"',
            "PORTAVOZ_SECRET_MASTO_1",
        ):
            assert said in page.text, said

    async def test_rooms_people_texts_and_rules_show_the_lines_that_change_them(self, desk: DeskSide) -> None:
        desk.world.team["eva"] = Person(
            id="eva", name='Eva "la" <b>', role=Role.AGENT, identities=frozenset({("slack", "U1")})
        )
        desk.world.configured = Setup(
            about=About(
                config_file="/etc/portavoz.toml",
                chats=(("desk", "desk"),),
                chat_types=("desk", "slack"),
                prompts_folder="my-prompts",
                prompts=(PromptFile(path="policy/es.md", sha256="cd" * 32, replaced=True, moved=True),),
                knowledge=(
                    KnownFile(path="facts/hours.md", language="es", source="web", valid_until=START.date()),
                    KnownFile(path="facts/old.md", valid_until=START.date() - timedelta(days=1)),
                ),
                options=(Option(name="quorum.critical", value="2"), Option(name="host", value='"127.0.0.1"')),
            ),
            rooms=(Room(id="main", chat="desk", native_id="C1"),),
            routes=(Route(room="main", kind=None, min_severity=Severity.HIGH, language="es"),),
        )
        wanted = {
            "rooms": ["main", "C1", '[[routes]] room = "main" min_severity = "high" language = "es"', "Slack"],
            "people": ['name = "Eva \\"la\\" <b>"', "U1", "resumes, ends a crisis"],
            "prompts": [
                "policy/es.md",
                "cdcdcdcdcdcdcdcd",
                "yours",
                "my-prompts",
                "ours changed",
                "facts/hours.md",
                "ES",
                "web",
                "expired",
            ],
            "rules": ["quorum.critical", "PORTAVOZ_QUORUM_CRITICAL", "127.0.0.1", "Pause everything"],
        }
        for section, words in wanted.items():
            page = await desk.page(LUIS, f"/desk/settings/{section}")
            assert "/etc/portavoz.toml" in page.text
            assert page.active == []
            for said in words:
                assert said in page.text, (section, said)

    async def test_a_switch_is_thrown_from_its_page(self, desk: DeskSide) -> None:
        fields = {"csrf": await csrf(desk), "line": "pause", "back": "/desk/settings/rules"}
        page = await desk.send(LUIS, "/desk/command", fields)
        assert "Paused" in page.text
        assert "paused" in desk.world.on


class TestSmallAnswers:
    async def test_a_text_is_as_long_as_its_network_thinks(self, desk: DeskSide) -> None:
        client, token = await desk.browser(LUIS), await csrf(desk)
        for account, length in (("wall", 1), ("elsewhere", 5)):
            answer = await client.post(
                "/desk/measure", data={"csrf": token, "account": account, "text": " 👩\u200d👩\u200d👧 "}
            )
            assert answer.json() == {"length": length}

    async def test_how_pages_look_is_kept_by_the_browser(self, desk: DeskSide) -> None:
        client, token = await desk.browser(LUIS), await csrf(desk)
        answer = await client.post("/desk/look", data={"csrf": token, "look": "dark"})
        assert {"Path=/desk", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
        assert 'data-look="dark"' in (await client.get("/desk")).text
        odd = await client.post("/desk/look", data={"csrf": token, "look": '"><script>'})
        assert "set-cookie" not in odd.headers
        client.cookies.set("portavoz_look", "evil", domain="127.0.0.1", path="/desk")
        assert "evil" not in (await client.get("/desk")).text

    async def test_what_waits_is_handed_to_a_page_that_was_cut_off(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.chat._house.board.tell(LUIS, "Look `here` <b>.", ticket=ticket)
        client = await desk.browser(LUIS)
        html = (await client.get("/desk/part/told")).text
        assert "Look <code>here</code> &lt;b&gt;." in html
        assert "data-told=" in html
        assert "Look" not in (await client.get("/desk/part/told")).text

    async def test_one_person_cannot_take_all_streams(self, desk: DeskSide) -> None:
        hub = desk.chat._house.hub
        open_pages = [hub.stream(LUIS) for _ in range(PER_PERSON)]
        for page in open_pages:
            await anext(page)
        assert (await (await desk.browser(LUIS)).get("/desk/events")).status_code == 429
        assert not hub.full("ana")
        await open_pages.pop().aclose()
        assert not hub.full(LUIS)
        for page in open_pages:
            await page.aclose()


class TestBroken:
    async def test_a_mistake_of_ours_gives_a_page_with_a_number_that_the_log_has_too(
        self, desk: DeskSide, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = await desk.browser("ana")

        async def fails(**_: object) -> None:
            raise ValueError("secret words of a customer")

        monkeypatch.setattr(desk.world, "inbox", fails)
        with capture_logs() as logged:
            answer = await client.get("/desk")
        assert answer.status_code == 500
        assert "Something went wrong here." in answer.text
        assert "secret words" not in answer.text
        number = answer.text.split("stands in the log: ")[1][:8]
        assert [entry["number"] for entry in logged if entry["event"] == "desk.failed"] == [number]
        told = await client.get("/desk/part/list", headers={"accept": "application/json"})
        assert told.status_code == 500
        assert told.json()["kind"] == "refused"
