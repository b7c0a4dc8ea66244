"""The contract for what goes out: exactly the approved text, once, and the truth about what became of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.messages import ReplyConfirmed, ReplyRefused
from bot.core.types import Account, Gone, Item, OutgoingReply, Pending, Posted, PublishResult, Rejected, Unknown
from tests.contract.hostile import HOSTILE
from tests.contract.network_incoming import needs
from tests.contract.network_side import (
    MODERATION,
    REFUSAL,
    TROUBLE,
    UNLINKED,
    WITHDRAW,
    Side,
    answer,
    listening,
    seen,
)


async def tried(side: Side, reply: OutgoingReply) -> PublishResult | AdapterError:
    """What `publish` answered or raised; anything that is neither fails the test."""
    try:
        return await side.network.publish(reply)
    except AdapterError as error:
        return error


def kinds(side: Side, *wanted: str) -> None:
    if side.network.capabilities().idempotency not in wanted:
        pytest.skip("this network settles a lost answer in another way")


class OutgoingContract:
    """What every adapter that can reply owes the engine on the way out."""

    @pytest.fixture
    async def target(self, side: Side) -> Item:
        return await seen(side, await side.comment("The soup was cold."))

    async def test_the_account_says_who_speaks(self, side: Side) -> None:
        account = await side.network.check()
        assert isinstance(account, Account)
        assert account.name

    async def test_exactly_the_approved_text_stands_where_the_link_leads(self, side: Side, target: Item) -> None:
        text = "Lo sentimos, Vera:\n\n  la sopa debe llegar caliente. «Hoy» invitamos… 🍲\n^Ana"
        posted = await side.network.publish(answer(target, text))
        assert isinstance(posted, Posted)
        assert await side.replies(target.native_id) == [text]
        if UNLINKED in side.can:
            assert posted.url is None
            return
        assert posted.url is not None
        assert "la sopa debe llegar caliente. «Hoy» invitamos… 🍲" in await side.page(posted.url)

    async def test_a_published_reply_comes_back_as_ours_and_can_be_read_again(self, side: Side, target: Item) -> None:
        posted = await side.network.publish(answer(target, "We are sorry."))
        assert isinstance(posted, Posted)
        async with listening(side.network) as intake:
            await intake.until(lambda had: any(item.ours for item in had.items))
        own = intake.items[-1]
        assert (own.native_id, own.ours, own.text) == (posted.native_id, True, "We are sorry.")
        assert await side.network.current(own) == own
        assert await side.network.conversation(target) == [own]

    async def test_a_published_reply_is_found(self, side: Side, target: Item) -> None:
        kinds(side, "client_id", "key_window", "lookup", "upsert", "content_dedupe")
        posted = await side.network.publish(answer(target, "We are sorry."))
        assert await side.network.find(answer(target, "We are sorry.")) == posted

    async def test_what_was_never_published_is_not_found(self, side: Side, target: Item) -> None:
        assert await side.network.find(answer(target, "We are sorry.", key="never")) is None

    async def test_the_same_words_from_long_ago_are_not_taken_for_this_reply(self, side: Side, target: Item) -> None:
        await side.network.publish(answer(target, "We are sorry.", key="earlier"))
        now = datetime.now(UTC)
        later = OutgoingReply(
            key="later",
            account=side.account,
            target=target,
            text="We are sorry.",
            first_attempt_at=now + timedelta(hours=1),
        )
        assert await side.network.find(later) is None

    async def test_the_same_key_twice_is_one_reply(self, side: Side, target: Item) -> None:
        kinds(side, "client_id", "key_window")
        first = await side.network.publish(answer(target, "We are sorry."))
        second = await side.network.publish(answer(target, "We are sorry."))
        assert first == second
        assert await side.replies(target.native_id) == ["We are sorry."]

    async def test_the_same_key_stays_one_reply_over_a_restart(self, side: Side, target: Item) -> None:
        kinds(side, "client_id")
        first = await side.network.publish(answer(target, "We are sorry."))
        await side.restart()
        assert await side.network.publish(answer(target, "We are sorry.")) == first
        assert await side.replies(target.native_id) == ["We are sorry."]

    async def test_the_same_key_at_the_same_moment_is_one_reply(self, side: Side, target: Item) -> None:
        kinds(side, "client_id", "key_window")
        results = await asyncio.gather(*(tried(side, answer(target, "We are sorry.")) for _ in range(8)))
        assert sum(isinstance(result, Posted) for result in results) >= 1
        assert await side.replies(target.native_id) == ["We are sorry."]

    async def test_the_same_key_with_other_words_is_an_error(self, side: Side, target: Item) -> None:
        kinds(side, "client_id")
        await side.network.publish(answer(target, "We are sorry."))
        assert isinstance(await tried(side, answer(target, "We are not.")), Rejected | Permanent)
        assert await side.replies(target.native_id) == ["We are sorry."]

    async def test_two_keys_are_two_replies(self, side: Side, target: Item) -> None:
        kinds(side, "client_id", "key_window", "lookup", "none")
        for key, text in (("a", "We are sorry."), ("b", "Here is what we found out.")):
            assert isinstance(await side.network.publish(answer(target, text, key)), Posted)
        assert await side.replies(target.native_id) == ["We are sorry.", "Here is what we found out."]

    async def test_the_limit_is_the_limit_and_nothing_is_cut(self, side: Side, target: Item) -> None:
        limit = side.network.capabilities().max_length
        if limit is None:
            pytest.skip("this network has no limit")
        fits = "x"
        while side.network.measure(fits + "x" * (limit - side.network.measure(fits))) < limit:
            fits += "x"
        fits += "x" * (limit - side.network.measure(fits))
        assert side.network.measure(fits) == limit
        assert isinstance(await tried(side, answer(target, fits + "x", "over")), Rejected)
        assert await side.replies(target.native_id) == []
        assert isinstance(await tried(side, answer(target, fits, "fits")), Posted)
        assert await side.replies(target.native_id) == [fits]

    async def test_the_limit_counts_emoji_as_the_network_does(self, side: Side, target: Item) -> None:
        limit = side.network.capabilities().max_length
        if limit is None:
            pytest.skip("this network has no limit")
        text = "👩‍👩‍👧‍👦é"
        while side.network.measure(text + "👩‍👩‍👧‍👦é") <= limit:
            text += "👩‍👩‍👧‍👦é"
        assert isinstance(await tried(side, answer(target, text, "fits")), Posted)
        assert await side.replies(target.native_id) == [text]
        assert isinstance(await tried(side, answer(target, text + "👩‍👩‍👧‍👦é", "over")), Rejected)

    @pytest.mark.parametrize("name", HOSTILE)
    async def test_an_odd_text_stands_exactly_or_is_refused(self, side: Side, target: Item, name: str) -> None:
        result = await tried(side, answer(target, HOSTILE[name]))
        standing = await side.replies(target.native_id)
        assert (type(result), standing) in [(Posted, [HOSTILE[name]]), (Rejected, [])]

    async def test_an_empty_reply_is_refused(self, side: Side, target: Item) -> None:
        for text in ("", " \n\t", "\u200b"):
            assert isinstance(await tried(side, answer(target, text, f"key {text!r}")), Rejected)
        assert await side.replies(target.native_id) == []

    @pytest.mark.parametrize("trouble", ["error_after", "late"])
    async def test_a_lost_answer_is_unknown_and_settled_without_a_second_reply(
        self, side: Side, target: Item, trouble: str
    ) -> None:
        needs(side, TROUBLE)
        reply = answer(target, "We are sorry.")
        await side.trouble("publish", trouble, seconds=30)
        assert isinstance(await tried(side, reply), OutcomeUnknown | Unknown)
        found = await side.network.find(reply)
        if side.network.capabilities().idempotency == "none":
            assert found is None
        else:
            assert isinstance(found, Posted)
        assert await side.replies(target.native_id) == ["We are sorry."]

    async def test_a_resend_after_a_lost_answer_is_still_one_reply(self, side: Side, target: Item) -> None:
        needs(side, TROUBLE)
        kinds(side, "client_id", "key_window", "upsert")
        await side.trouble("publish", "error_after")
        await tried(side, answer(target, "We are sorry."))
        assert isinstance(await tried(side, answer(target, "We are sorry.")), Posted)
        assert await side.replies(target.native_id) == ["We are sorry."]

    async def test_a_failure_before_anything_was_done_leaves_nothing_to_find(self, side: Side, target: Item) -> None:
        needs(side, TROUBLE)
        await side.trouble("publish", "error_before")
        result = await tried(side, answer(target, "We are sorry."))
        assert isinstance(result, OutcomeUnknown | Unknown | Transient)
        assert await side.network.find(answer(target, "We are sorry.")) is None
        assert await side.replies(target.native_id) == []
        assert isinstance(await tried(side, answer(target, "We are sorry.")), Posted)

    async def test_too_many_requests_say_when_to_come_back(self, side: Side, target: Item) -> None:
        needs(side, TROUBLE)
        await side.trouble("publish", "rate_limited", seconds=42)
        result = await tried(side, answer(target, "We are sorry."))
        assert isinstance(result, Transient)
        assert result.retry_after == 42
        assert await side.replies(target.native_id) == []

    @pytest.mark.parametrize("operation", ["publish", "check", "find"])
    async def test_a_dead_token_is_called_that(self, side: Side, target: Item, operation: str) -> None:
        needs(side, TROUBLE)
        if operation == "find":
            kinds(side, "client_id", "key_window", "lookup", "upsert", "content_dedupe")
        await side.trouble(operation, "dead_token")
        arguments = () if operation == "check" else (answer(target, "We are sorry."),)
        with pytest.raises(AuthExpired):
            await getattr(side.network, operation)(*arguments)
        assert await side.replies(target.native_id) == []

    async def test_what_cannot_be_looked_up_now_is_not_called_absent(self, side: Side, target: Item) -> None:
        needs(side, TROUBLE)
        kinds(side, "client_id", "key_window", "lookup", "upsert", "content_dedupe")
        await side.network.publish(answer(target, "We are sorry."))
        for trouble in ("rate_limited", "error_before", "error_after"):
            await side.trouble("find", trouble)
            with pytest.raises(Transient):
                await side.network.find(answer(target, "We are sorry."))

    async def test_a_moderated_reply_is_pending_until_it_is_confirmed(self, side: Side, target: Item) -> None:
        needs(side, MODERATION)
        assert side.network.capabilities().async_publication
        await side.trouble("publish", "pending")
        async with listening(side.network) as intake:
            pending = await side.network.publish(answer(target, "We are sorry."))
            assert isinstance(pending, Pending)
            assert pending.native_id is not None
            assert await side.replies(target.native_id) == []
            assert await side.network.find(answer(target, "We are sorry.")) is None
            await side.moderate(pending.native_id)
            await intake.until(lambda had: any(isinstance(event, ReplyConfirmed) for event in had.events))
        confirmed = next(event for event in intake.events if isinstance(event, ReplyConfirmed))
        assert (confirmed.account, confirmed.native_id) == (side.account, pending.native_id)
        assert await side.replies(target.native_id) == ["We are sorry."]
        assert confirmed.url is not None
        assert "We are sorry." in await side.page(confirmed.url)

    async def test_a_moderated_reply_may_be_refused(self, side: Side, target: Item) -> None:
        needs(side, MODERATION)
        await side.trouble("publish", "pending")
        async with listening(side.network) as intake:
            pending = await side.network.publish(answer(target, "We are sorry."))
            assert isinstance(pending, Pending)
            await side.moderate(pending.native_id or "", refused_because="against the house rules")
            await intake.until(lambda had: any(isinstance(event, ReplyRefused) for event in had.events))
        refused = next(event for event in intake.events if isinstance(event, ReplyRefused))
        assert (refused.native_id, refused.reason) == (pending.native_id, "against the house rules")
        assert await side.replies(target.native_id) == []
        assert not any(item.ours for item in intake.items)

    async def test_a_refused_reply_comes_with_a_link_for_people(self, side: Side, target: Item) -> None:
        needs(side, REFUSAL)
        await side.trouble("publish", "rejected")
        result = await tried(side, answer(target, "We are sorry."))
        assert isinstance(result, Rejected)
        assert result.reason
        assert result.manual_url is not None
        assert target.text in await side.page(result.manual_url)
        assert await side.replies(target.native_id) == []

    async def test_a_comment_that_is_gone_is_not_answered(self, side: Side, target: Item) -> None:
        needs(side, WITHDRAW)
        await side.withdraw(target.native_id)
        assert isinstance(await tried(side, answer(target, "We are sorry.")), Rejected | Permanent)
        assert isinstance(await side.network.current(target), Gone)
        assert await side.replies(target.native_id) == []

    async def test_the_capabilities_stay_what_they_are(self, side: Side) -> None:
        before = side.network.capabilities()
        assert before.ingest
        assert before.can_reply
        await side.restart()
        assert side.network.capabilities() == before
