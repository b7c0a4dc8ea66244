"""What people do in Discord: mentions, direct messages, commands with completion, menus, roles, long edits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from simcord.actors import _component_interaction

from bot.core import messages as m
from bot.core.types import ReplyState, Role
from tests.contract.discord_side import DiscordSide, seen


@pytest.fixture
async def side() -> AsyncIterator[DiscordSide]:
    side = DiscordSide(roles={"Editors": Role.APPROVER})
    await side.start()
    yield side
    await side.stop()


async def shown(side: DiscordSide, **comment: Any) -> str:
    ticket = side.world.comment(**comment)
    await side.chat.post(side.room, side.world.card_now(ticket))
    return ticket


async def test_a_mention_in_a_thread_acts_on_its_ticket_and_answers_alone(side: DiscordSide) -> None:
    ticket = await shown(side)
    thread = side.where(side.snapshot(ticket).thread)
    me = side.env.bot.user
    assert me is not None
    await side.members["luis"].send(thread, f"<@{me.id}> aprobar")
    assert side.world.card_now(ticket).line.reply_state is ReplyState.APPROVED
    await side.members["tom"].send(thread, f"<@{me.id}> undo")
    await side.members["luis"].send(thread, "undo, says somebody to nobody")
    assert side.world.card_now(ticket).line.reply_state is ReplyState.APPROVED
    assert any("role" in text for text in await side.private_texts("tom"))
    await side.members["eva"].send(thread, f"<@{me.id}> assign <@{side.members['luis'].id}>")
    assert side.world.card_now(ticket).line.assignee == "luis"


async def test_commands_complete_tickets_and_people_and_ask_for_what_they_lack(side: DiscordSide) -> None:
    ticket = await shown(side, author="Marta")
    thread = side.where(side.snapshot(ticket).thread)
    luis = side.members["luis"]
    offered = await luis.autocomplete(thread, "portavoz show", "ticket", "marta")
    assert [one["value"] for one in offered] == [ticket]
    assert await luis.autocomplete(thread, "portavoz ask", "who", "ev") == [{"name": "Eva", "value": "eva"}]
    assert await side.outsider.autocomplete(thread, "portavoz show", "ticket", "") == []
    asked = await luis.slash(thread, "portavoz edit")
    assert asked.modal is not None
    told = await luis.submit_modal(asked, {"text": "In my words."})
    assert told.ephemeral
    assert side.world.card_now(ticket).line.draft == "In my words."
    answered = await luis.slash(thread, "portavoz line", text="bandeja")
    assert answered.ephemeral
    assert answered.response is not None
    assert ticket in (answered.response.embeds[0].description or "")
    names = {path.partition(" ")[2] for path in luis.available_commands(thread)}
    assert {"approve", "snooze", "kind", "line"} <= names


async def test_the_menu_of_a_message_approves_what_stands_in_it(side: DiscordSide) -> None:
    ticket = await shown(side)
    shot = side.snapshot(ticket)
    thread = side.where(shot.thread)
    message = thread.history()[-1]
    other = await side.members["eva"].send(side.where(side.channel.threads[0].id), "Nice.")
    told = await side.members["luis"].context_menu(thread, "Approve reply", message)
    assert told.ephemeral
    assert told.followups or told.response
    assert [type(wish) for wish in side.world.submitted] == [m.Approve]
    await side.members["luis"].context_menu(thread, "Approve reply", other)
    assert side.world.decided(ticket)[0].person == "luis"


async def test_a_role_of_the_server_is_a_role_here_and_bots_decide_nothing(side: DiscordSide) -> None:
    ticket = await shown(side)
    editors = side.guild.create_role("Editors")
    nina = side.guild.add_member(side.env.create_user("nina"), roles=[editors])
    robot = side.guild.add_member(side.env.create_user("robot", bot=True), roles=[editors])
    shot = side.snapshot(ticket)
    await side.react(robot, "approve", shot.wording)
    assert side.world.submitted == []
    await side.react(nina, "approve", shot.wording)
    assert [one.person for one in side.world.decided(ticket)] == [f"discord:{nina.id}"]
    assert side.world.team[f"discord:{nina.id}"].role is Role.APPROVER
    card = side.world.card_now(ticket)
    await side.chat.update((await side.chat.find_card(side.room, card)) or pytest.fail("no card"), card)
    stored = next(one for one in side.env.backend.messages[shot.thread].values() if one.id == shot.wording.id)
    message = next(one for one in side.where(shot.thread).history() if one.id == stored.id)
    await nina.unreact(message, "✅")
    assert side.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED


async def test_an_emoji_that_wants_a_form_offers_it_alone(side: DiscordSide) -> None:
    ticket = await shown(side)
    eva = side.members["eva"]
    await side.react(eva, "edit", side.snapshot(ticket).wording)
    direct = side.env.backend.dm_channels[eva.id]
    [offer] = list(side.env.backend.messages[direct].values())
    assert offer.components[0]["components"][0]["custom_id"].startswith("portavoz:edit:")
    await side.react(eva, "approve", side.snapshot(ticket).root)
    assert any("newest draft only" in text for text in await side.private_texts("eva"))


async def test_a_long_draft_stands_in_several_fields_and_comes_back_as_it_was(side: DiscordSide) -> None:
    long = "\n\n".join(f"Paragraph {n}. " + "word " * 120 + "end." for n in range(12))
    ticket = await shown(side, draft=long)
    stored, data = side.body("edit", side.snapshot(ticket))
    form = await _component_interaction(side.members["eva"], stored, data)
    assert form.modal is not None
    fields = [one["component"] for one in form.modal["components"]]
    assert len(fields) > 1
    given = {one["custom_id"]: one["value"] for one in fields}
    last = fields[-1]["custom_id"]
    await side.members["eva"].submit_modal(form, {**given, last: given[last] + " More."})
    assert side.world.card_now(ticket).line.draft == long + " More."
    vast = await shown(side, draft="word " * 9000)
    pressed = await side.press(side.members["eva"], "edit", side.snapshot(vast))
    assert pressed.modal is None
    assert "too long" in "".join(await side.private_texts("eva"))


async def test_what_was_written_is_given_back_when_it_is_refused(side: DiscordSide) -> None:
    ticket = await shown(side)
    stored, data = side.body("edit", side.snapshot(ticket))
    form = await _component_interaction(side.members["eva"], stored, data)
    side.world.propose(ticket, "Somebody was faster.")
    told = await side.members["eva"].submit_modal(form, {"text": "My words that took an hour."})
    files = [one for answer in told.followups for one in answer.attachments]
    if side.world.card_now(ticket).line.draft == "Somebody was faster.":
        assert [one.filename for one in files] == [f"{ticket}.txt"]
    tom = await _component_interaction(side.members["tom"], stored, data)
    refused = await side.members["tom"].submit_modal(tom, {"text": "I may not."})
    [file] = [one for answer in refused.followups for one in answer.attachments]
    assert await file.read() == b"I may not."
    assert "role" in "".join(answer.embeds[0].description or "" for answer in refused.followups)


async def test_all_of_a_long_comment_can_be_read(side: DiscordSide) -> None:
    ticket = await shown(side, text="start " + "word " * 3000 + "finish")
    stored, data = side.body("read", side.snapshot(ticket))
    told = await _component_interaction(side.members["tom"], stored, data)
    assert told.ephemeral
    assert told.response is not None
    assert "finish" in (await told.response.attachments[0].read()).decode()
    author, chosen = side.body("author", side.snapshot(ticket))
    known = await _component_interaction(side.members["tom"], author, chosen)
    assert seen([one._message for one in known.followups]).active == []
