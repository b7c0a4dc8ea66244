"""What people see and do at the desk, without scripts."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import messages as m
from bot.core.types import (
    Attachment,
    AttachmentKind,
    Budget,
    CardRef,
    Finding,
    Kind,
    Light,
    Message,
    ReplyState,
    Severity,
    TicketStatus,
)
from bot.locale import text as sentence
from handlers.chats.desk.house import STATIC, static_file
from tests.contract.desk_side import DeskSide, Page

LUIS = "luis"  # reads English


async def type_in(desk: DeskSide, line: str, *, person: str = LUIS, ticket: str | None = None) -> Page:
    page = await desk.page(person, f"/desk/t/{ticket}" if ticket else "/desk")
    return await desk.send(person, "/desk/command", {**page.forms["/desk/command"].fields, "line": line})


class TestList:
    async def test_an_empty_desk_says_how_to_write_a_first_comment(self, desk: DeskSide) -> None:
        html = (await (await desk.browser(LUIS)).get("/desk")).text
        assert 'href="/wall"' in html
        assert "Write the first comment yourself" in html

    async def test_a_line_says_what_a_thread_is_about(self, desk: DeskSide) -> None:
        desk.world.comment(author="Marta", severity=Severity.CRITICAL)
        desk.world.clock.forward(minutes=40)
        text = (await desk.page(LUIS)).text
        for wanted in (
            "Marta",
            "wall · EN",
            "40 minutes ago",
            "Complaint",
            "Critical",
            "late: due 25 minutes ago",
            "Draft 1",
        ):
            assert wanted in text

    async def test_a_picture_stands_for_words_that_are_not_there_and_is_not_loaded(self, desk: DeskSide) -> None:
        cup = Attachment(url="https://wall.example/1.png?a=1&b=2", kind=AttachmentKind.IMAGE, alt="Eine <b>Tasse</b>")
        ticket = desk.world.comment("", attachments=[cup, replace(cup, url="data:image/png;base64,AA")])
        listed = await desk.page(LUIS, "/desk")
        assert "Picture: Eine <b>Tasse</b> · wall.example" in listed.text
        page = await desk.page(LUIS, f"/desk/t/{ticket}")
        assert "No words, only this:" in page.text
        assert "and 1 more that is not kept" in page.text
        assert cup.url in page.links
        assert page.active == []
        html = (await (await desk.browser(LUIS)).get(f"/desk/t/{ticket}")).text
        link = re.search(r'<a [^>]*href="https://wall.example/1.png[^>]*>', html)
        assert link is not None
        assert 'target="_blank" rel="noopener noreferrer nofollow"' in link[0]

    async def test_a_ticket_without_a_sure_language_or_a_draft_says_so(self, desk: DeskSide) -> None:
        desk.world.comment(language=None, draft=None)
        text = (await desk.page(LUIS)).text
        assert "??" in text
        assert "No draft" in text

    async def test_tabs_show_what_belongs_there(self, desk: DeskSide) -> None:
        mine, closed, snoozed = (desk.world.comment(f"Comment {n}.") for n in range(3))
        await desk.world.submit(m.Assign(by=LUIS, via="desk", ticket=mine))
        await desk.world.submit(m.Close(by=LUIS, via="desk", ticket=closed))
        await desk.world.submit(m.Snooze(by=LUIS, via="desk", ticket=snoozed, span=timedelta(hours=1)))
        shown = {
            view: [t for t in (mine, closed, snoozed) if t in (await desk.page(LUIS, f"/desk?view={view}")).text]
            for view in ("open", "mine", "snoozed", "closed", "nonsense")
        }
        assert shown == {"open": [mine], "mine": [mine], "snoozed": [snoozed], "closed": [closed], "nonsense": [mine]}

    async def test_a_search_looks_into_all_of_them(self, desk: DeskSide) -> None:
        ticket = desk.world.comment("My bicycle is blue.")
        await desk.world.submit(m.Close(by=LUIS, via="desk", ticket=ticket))
        assert ticket in (await desk.page(LUIS, "/desk/search?q=BICYCLE")).text
        assert "Nothing found." in (await desk.page(LUIS, "/desk/search?q=%3Cb%3Enothing")).text

    async def test_a_full_list_says_that_there_is_more(self, desk: DeskSide) -> None:
        for number in range(61):
            desk.world.comment(f"Comment {number}.", draft=None)
        assert "Only the first 60 are shown" in (await desk.page(LUIS)).text


class TestThread:
    async def test_checks_are_shown_with_the_words_they_are_about(self, desk: DeskSide) -> None:
        desk.world.findings = (
            Finding(rule="asks_personal_data", level="block", words="your PIN"),
            Finding(rule="wrong_language", level="warn", words="es"),
        )
        ticket = desk.world.comment(draft="Please send your PIN, es.")
        html = (await (await desk.browser(LUIS)).get(f"/desk/t/{ticket}")).text
        assert '<mark class="block">your PIN</mark>' in html
        assert html.count("<mark") == 1
        assert "asks for personal data" in html
        assert "Blocks:" in html
        assert "blocked" in Page(html).text

    async def test_a_claimed_ticket_says_who_is_on_it_while_it_lasts(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.world.submit(m.Claim(by="eva", via="desk", ticket=ticket))
        assert "Eva is on it" in (await desk.page(LUIS, f"/desk/t/{ticket}")).text
        desk.world.clock.forward(minutes=16)
        assert "Eva is on it" not in (await desk.page(LUIS, f"/desk/t/{ticket}")).text

    async def test_an_approval_can_be_undone_while_the_clock_runs(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        desk.world.clock.forward(seconds=4)
        html = (await (await desk.browser(LUIS)).get(f"/desk/t/{ticket}")).text
        assert 'data-left="6"' in html
        await desk.decide(await desk.see_card(LUIS, ticket), "undo", by="button")
        assert desk.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED

    async def test_a_quorum_of_two_counts_on_the_page(self, desk: DeskSide) -> None:
        ticket = desk.world.comment(severity=Severity.CRITICAL)
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        page = await desk.page(LUIS, f"/desk/t/{ticket}")
        assert "1 of 2 approvals" in page.text
        assert "Luis approved revision 1" in page.text

    async def test_an_approval_that_fell_is_shown_as_such(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        desk.world.edit_comment(ticket, "The parcel came broken, and late.")
        text = (await desk.page(LUIS, f"/desk/t/{ticket}")).text
        assert "does not count any more" in text
        assert "edited" in text

    async def test_a_lost_outcome_asks_somebody_to_look(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        desk.world.lose(ticket)
        page = await desk.page(LUIS, f"/desk/t/{ticket}")
        assert "does this reply stand there?" in page.text
        form = page.forms[f"/desk/t/{ticket}/settle"].fields
        await desk.send(LUIS, f"/desk/t/{ticket}/settle", {**form, "posted": "yes", "url": "https://a.example/r"})
        assert desk.world.submitted[-1] == m.Settle(
            by=LUIS, via="desk", ticket=ticket, posted=True, url="https://a.example/r"
        )

    @pytest.mark.parametrize("state", ["uncertain", "handed_off"])
    @pytest.mark.parametrize(
        ("person", "words"),
        [("ana", ("El texto aprobado", "Sí, está", "No, no está")), (LUIS, ("The approved text", "Yes, it", "No, it"))],
    )
    async def test_a_reply_that_a_person_must_see_to_can_be_copied_looked_up_and_settled(
        self, desk: DeskSide, state: str, person: str, words: tuple[str, ...]
    ) -> None:
        ticket = desk.world.comment(draft="Sorry,\n\n<b>Marta</b>.")
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        if state == "uncertain":
            desk.world.lose(ticket)
        else:
            desk.world.hand_off(ticket, "closed", "https://wall.example/c/1")
        page = await desk.page(person, f"/desk/t/{ticket}")
        assert all(said in page.text for said in words)
        assert page.fields["copy-text"].removeprefix("\n") == "Sorry,\n\n<b>Marta</b>."
        assert "https://wall.example/c/1" in page.links
        form = page.forms[f"/desk/t/{ticket}/settle"].fields
        await desk.send(person, f"/desk/t/{ticket}/settle", {**form, "posted": "no", "url": ""})
        assert desk.world.submitted[-1] == m.Settle(by=person, via="desk", ticket=ticket, posted=False)

    async def test_a_reply_that_moderators_hold_can_be_settled_too(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        desk.world.hold(ticket)
        view = await desk.see_card(LUIS, ticket)
        assert "settle" in view.controls
        assert "Waits for the network's moderators" in view.text

    async def test_a_closed_ticket_can_be_opened_again(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.world.submit(m.Close(by=LUIS, via="desk", ticket=ticket))
        await desk.decide(await desk.see_card("ana", ticket), "reopen", by="button")
        assert desk.world.card_now(ticket).line.status is TicketStatus.OPEN

    async def test_what_we_published_is_signed_with_the_brand_and_its_account(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        desk.world.publish(ticket)
        html = (await (await desk.browser(LUIS)).get(f"/desk/t/{ticket}")).text
        assert "<strong>Acme</strong> <small>wall</small>" in html

    async def test_a_reply_to_be_posted_by_hand_shows_where_and_the_networks_words_as_words(
        self, desk: DeskSide
    ) -> None:
        ticket = desk.world.comment()
        await desk.decide(await desk.see_card(LUIS, ticket), "approve", by="button")
        desk.world.hand_off(ticket, "<b>summons\u202e only", "https://wall.example/manual")
        view = await desk.see_card(LUIS, ticket)
        assert "https://wall.example/manual" in view.links
        assert "<b>summons⟨U+202E⟩ only" in view.text

    async def test_an_unknown_ticket_is_said_to_be_unknown(self, desk: DeskSide) -> None:
        answer = await (await desk.browser(LUIS)).get("/desk/t/NOPE")
        assert answer.status_code == 404
        assert "There is no ticket NOPE." in answer.text

    async def test_a_lower_case_id_is_the_same_ticket(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        assert "We are sorry" in (await desk.page(LUIS, f"/desk/t/{ticket.lower()}")).text

    async def test_who_may_only_read_is_shown_no_buttons_to_decide(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        view = await desk.see_card("tom", ticket)
        assert view.controls == frozenset()
        assert "You are viewer on this team" in view.text

    async def test_notes_and_questions_stand_apart_from_the_conversation(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        form = (await desk.page("eva", f"/desk/t/{ticket}")).forms[f"/desk/t/{ticket}/ask"].fields
        await desk.send("eva", f"/desk/t/{ticket}/ask", {**form, "person": "luis", "text": "Is batch 12 ours?"})
        text = (await desk.page(LUIS, f"/desk/t/{ticket}")).text
        assert "Inside the team" in text
        assert "Is batch 12 ours?" in text
        assert "Waiting for Luis." in text


class TestUnsavedText:
    async def test_a_refused_edit_gives_the_text_back(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        old = await desk.see_card("eva", ticket)
        desk.world.propose(ticket, "A colleague was faster.")
        await desk.decide(old, "edit", by="button", text="My long and careful text.\n\nTwo paragraphs.")
        # decide() has looked at the page that followed; what it held was this:
        assert "You saw revision 1; the newest one is 2." in " ".join(desk._private["eva"])

    async def test_the_text_stands_in_its_field_on_the_page_that_follows(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        old = (await desk.page("eva", f"/desk/t/{ticket}")).forms[f"/desk/t/{ticket}/edit"].fields
        desk.world.propose(ticket, "A colleague was faster.")
        page = await desk.send("eva", f"/desk/t/{ticket}/edit", {**old, "text": "\nMine,\r\nin two lines."})
        assert page.fields["textedit-text"].strip("\n") == "Mine,\nin two lines."
        assert page.forms[f"/desk/t/{ticket}/edit"].fields["revision"] == "2"
        again = await desk.page("eva", f"/desk/t/{ticket}")
        assert again.fields["textedit-text"].strip() == "A colleague was faster."

    async def test_a_command_that_was_not_understood_can_be_corrected(self, desk: DeskSide) -> None:
        token = (await desk.page(LUIS)).forms["/desk/command"].fields["csrf"]
        client = await desk.browser(LUIS)
        await client.post("/desk/command", data={"csrf": token, "line": 'aprove "K7Q2"'})
        assert 'value="aprove &#34;K7Q2&#34;"' in (await client.get("/desk")).text


class TestCommandBox:
    async def test_a_line_on_a_tickets_page_is_about_that_ticket_and_the_revision_shown(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        page = await type_in(desk, "aprobar", ticket=ticket)
        assert desk.world.submitted == [m.Approve(by=LUIS, via="desk", ticket=ticket, revision=1, seen="1.0.1")]
        assert "Approved." in page.answers[0]

    async def test_a_line_about_another_ticket_does_not_take_this_ones_revision(self, desk: DeskSide) -> None:
        here, there = desk.world.comment(), desk.world.comment()
        desk.world.propose(here, "Second wording.")
        await type_in(desk, f"approve {there}", ticket=here)
        assert desk.world.submitted == [m.Approve(by=LUIS, via="desk", ticket=there, revision=None)]

    async def test_people_may_be_called_by_name(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await type_in(desk, "assign @Eva", ticket=ticket)
        assert desk.world.submitted == [m.Assign(by=LUIS, via="desk", ticket=ticket, person="eva")]

    async def test_next_leads_to_what_is_most_urgent(self, desk: DeskSide) -> None:
        desk.world.comment()
        urgent = desk.world.comment("Gas leak!", severity=Severity.CRITICAL)
        assert "Gas leak!" in (await type_in(desk, "next")).text
        assert urgent in (await type_in(desk, "siguiente")).answers[0]

    async def test_next_on_an_empty_desk_says_so(self, desk: DeskSide) -> None:
        assert "Nothing waits for an answer." in (await type_in(desk, "next")).answers[0]

    async def test_show_leads_to_the_ticket_or_says_that_there_is_none(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        assert "We are sorry" in (await type_in(desk, f"show {ticket.lower()}")).text
        assert "There is no ticket BBBB." in (await type_in(desk, "show BBBB")).answers[0]

    @pytest.mark.parametrize("line", ["inbox", "inbox all", "search parcel"])
    async def test_lists_name_the_tickets(self, desk: DeskSide, line: str) -> None:
        ticket = desk.world.comment(author="Ma\u202erta")
        [answer] = (await type_in(desk, line)).answers
        assert "One ticket:" in answer
        assert f"{ticket} · Ma⟨U+202E⟩rta: The parcel" in answer

    async def test_inbox_mine_is_ones_own(self, desk: DeskSide) -> None:
        desk.world.comment()
        assert "Nothing waits" in (await type_in(desk, "inbox mine")).answers[0]

    async def test_search_shows_the_list_of_what_was_found(self, desk: DeskSide) -> None:
        desk.world.comment("A & B <c>?")
        page = await type_in(desk, "search & B <c>")
        assert "Found for “& B <c>”" in page.text

    async def test_health_shows_each_light_in_words(self, desk: DeskSide) -> None:
        params = {"part": "network", "account": "shop", "reason": "token \u202eexpired"}
        desk.world.lights.append(Light(code="account_auth", state="red", params=params))
        [answer] = (await type_in(desk, "health")).answers
        assert "One part needs a look." in answer
        assert "Network wall: working · The Bakery" in answer
        assert "Network shop: not working · It does not let us in: token ⟨U+202E⟩expired · Renew the token" in answer

    async def test_help_shows_every_verb_and_one_when_asked(self, desk: DeskSide) -> None:
        [everything] = (await type_in(desk, "help")).answers
        assert "approve ID" in everything
        assert "snooze ID" in everything
        [one] = (await type_in(desk, "help snooze")).answers
        assert "approve" not in one.split("keys.")[1]

    async def test_figures_are_read_out(self, desk: DeskSide) -> None:
        desk.world.comment()
        desk.world.clock.forward(minutes=1)
        page = await type_in(desk, "resumen ayer", person="ana")
        assert [said.strip() for said in page.answers] == ["Resumen del domingo, 1 de marzo de 2026"]
        assert "Un día tranquilo. No ha llegado nada." in page.text
        assert "No consta nada" in (await type_in(desk, "resumen 2027-01-01", person="ana")).answers[0]

    async def test_pausing_shows_a_banner_and_resuming_takes_it_away(self, desk: DeskSide) -> None:
        page = await type_in(desk, "pause the <b>shop</b> burns")
        assert "Paused: nothing goes out" in page.text
        assert "the <b>shop</b> burns" in page.text
        assert "burns" not in (await type_in(desk, "resume", person="ana")).text

    async def test_a_crisis_shows_a_banner(self, desk: DeskSide) -> None:
        desk.world.on["crisis"] = "recall"
        assert "two people approve every reply" in (await desk.page(LUIS)).text

    async def test_a_ticket_that_vanished_meanwhile_is_no_thread_to_type_in(self, desk: DeskSide) -> None:
        fields = (await desk.page(LUIS)).forms["/desk/command"].fields
        page = await desk.send(LUIS, "/desk/command", {**fields, "ticket": "NOPE", "line": "note x"})
        assert "There is no ticket NOPE." in page.answers[0]
        assert desk.world.submitted == []


class TestScripts:
    async def test_a_script_gets_the_same_answer_as_data(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        client = await desk.browser(LUIS)
        fields = (await desk.page(LUIS, f"/desk/t/{ticket}")).forms[f"/desk/t/{ticket}/approve"].fields
        answer = await client.post(f"/desk/t/{ticket}/approve", data=fields, headers={"accept": "application/json"})
        assert answer.json()["kind"] == "done"
        assert "Approved." in answer.json()["html"]
        assert answer.json()["next"] == f"/desk/t/{ticket}"
        assert (await desk.page(LUIS)).answers == []

    async def test_the_parts_are_the_same_as_on_the_whole_page(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        client = await desk.browser(LUIS)
        whole = (await client.get(f"/desk/t/{ticket}")).text
        assert (await client.get(f"/desk/part/t/{ticket}")).text.strip() in whole
        assert (await client.get(f"/desk/part/list?at={ticket}")).text.strip() in whole

    async def test_parts_take_no_message_that_waits_for_a_page(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        client = await desk.browser(LUIS)
        ref = CardRef(room="desk", native=ticket)
        await desk.chat.tell(desk.world.team[LUIS], ref, "Look at this.")
        for path in (f"/desk/part/t/{ticket}", "/desk/part/list", "/desk/part/banners"):
            await client.get(path)
        await client.head("/desk")
        assert [" ".join(text.split()) for text in (await desk.page(LUIS)).answers] == [f"Look at this. {ticket}"]
        assert (await desk.page(LUIS)).answers == []

    async def test_a_page_weighs_little(self, desk: DeskSide) -> None:
        tickets = [desk.world.comment(f"Comment {n}: " + "x" * 500) for n in range(60)]
        html = (await (await desk.browser(LUIS)).get(f"/desk/t/{tickets[0]}")).content
        assert len(html) + sum(len(static_file(name)) for name in STATIC) < 200_000


class TestMessages:
    async def test_a_message_with_the_same_key_is_shown_once(self, desk: DeskSide) -> None:
        for _ in range(2):
            await desk.chat.say(desk.room, Message(text="The digest.", key="digest:1"))
        assert "".join(await desk.room_texts()).count("The digest.") == 1

    async def test_what_is_said_about_one_ticket_stands_in_its_thread_only(self, desk: DeskSide) -> None:
        one, other = desk.world.comment(), desk.world.comment()
        await desk.chat.say(CardRef(room="desk", native=one), Message(text="About the first."))
        assert "About the first." in (await desk.page(LUIS, f"/desk/t/{one}")).text
        assert "About the first." not in (await desk.page(LUIS, f"/desk/t/{other}")).text

    async def test_everybody_reads_what_is_said_in_the_room_in_their_own_language(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        message = Message(text="Published.", code="published", ticket=ticket, key="k")
        streams = {locale: desk.chat._house.hub.stream("x", locale=locale) for locale in ("es", "en")}
        for stream in streams.values():
            await anext(stream)
        await desk.chat.say(CardRef(room="desk", native=ticket), message)
        heard = {locale: json.loads(str((await anext(stream)).data))["text"] for locale, stream in streams.items()}
        assert heard == {"es": sentence("es", "Published."), "en": "Published."}
        spanish, english = [await desk.page(person, f"/desk/t/{ticket}") for person in ("ana", LUIS)]
        assert heard["es"] in "".join(spanish.said)
        assert "Published." not in "".join(spanish.said)
        assert "Published." in "".join(english.said)
        for stream in streams.values():
            await stream.aclose()

    async def test_a_command_in_an_answer_is_shown_as_code(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        await desk.chat.tell(desk.world.team[LUIS], CardRef(room="desk", native=ticket), "Say `undo <b>`.")
        assert "Say <code>undo &lt;b&gt;</code>." in (await (await desk.browser(LUIS)).get("/desk")).text


class TestDemo:
    @pytest.mark.parametrize(
        ("wanted", "tongue"),
        [("en-GB,en;q=0.9", "en"), ("ca, es-ES;q=0.9, en;q=0.8", "es"), ("fr", "en"), ("", "es")],
    )
    async def test_the_demo_team_speaks_the_browser_s_language(self, demo: DeskSide, wanted: str, tongue: str) -> None:
        named = {"accept-language": wanted}
        async with demo.client() as client:
            link = await demo.chat.sign_in_link("ana")
            assert f'lang="{tongue}"' in (await client.get(link, headers=named)).text
            await client.post(link, data={"go": "in"}, headers=named)
            page = (await client.get("/desk", headers=named)).text
            assert f'lang="{tongue}"' in page
            assert ("Sign out" in page, "Cerrar sesión" in page) == (tongue == "en", tongue == "es")

    async def test_configured_people_keep_their_language_whatever_the_browser_says(self, desk: DeskSide) -> None:
        english = {"accept-language": "en-GB,en;q=0.9"}
        assert 'lang="es"' in (await (await desk.browser("ana")).get("/desk", headers=english)).text

    async def test_people_of_the_demo_team_may_switch(self, demo: DeskSide) -> None:
        page = await demo.page(LUIS)
        before = (await demo.browser(LUIS)).cookies["portavoz_desk"]
        answered = await demo.send(LUIS, "/desk/person", {**page.forms["/desk/person"].fields, "person": "eva"})
        assert "Eva" in answered.text
        assert (await demo.browser(LUIS)).cookies["portavoz_desk"] != before
        assert await demo.chat._house.sessions.read(before) is None
        ticket = demo.world.comment()
        await type_in(demo, "claim", ticket=ticket)
        assert [wish.by for wish in demo.world.submitted] == ["eva"]

    async def test_nobody_can_become_who_is_not_there(self, demo: DeskSide) -> None:
        fields = (await demo.page(LUIS)).forms["/desk/person"].fields
        answer = await (await demo.browser(LUIS)).post("/desk/person", data={**fields, "person": "mallory"})
        assert answer.status_code == 404

    async def test_a_real_team_has_no_such_thing(self, desk: DeskSide) -> None:
        page = await desk.page(LUIS)
        assert "/desk/person" not in page.forms
        fields = {**page.forms["/desk/out"].fields, "person": "ana"}
        assert (await (await desk.browser(LUIS)).post("/desk/person", data=fields)).status_code == 404


async def test_each_kind_state_and_status_has_a_picture_and_a_name(desk: DeskSide) -> None:
    from handlers.chats.desk.words import EMOJI, FACTS, REPLY_STATES

    assert set(REPLY_STATES) == set(ReplyState)
    assert set(FACTS) == set(m.Fact)
    assert set(EMOJI) >= {*Kind, *Severity, *ReplyState, *TicketStatus, *AttachmentKind}
    assert len(EMOJI) == sum(map(len, (Kind, Severity, ReplyState, TicketStatus, AttachmentKind))) + 3
    assert isinstance(desk.chat.budget, Budget)
