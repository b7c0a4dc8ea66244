"""A reply of unknown fate that is looked for once more: what stays, what is ordered, and who may wish it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core import reply as replies
from bot.core.case import ChangeResult
from bot.core.messages import Fact, Publish, Refused, Retry, ShowCard
from bot.core.publishing import conclude, looked_in_vain
from bot.core.reply import IllegalMove
from bot.core.retrying import look_again
from bot.core.types import Posted, ReplyState, Unknown
from tests.support.core_world import after, publishing_case


def uncertain_case() -> Any:
    return conclude(publishing_case(), Unknown(detail="timeout"), after(12)).case


def wish(case: Any, by: str = "luis", seconds: float = 99) -> Any:
    context = after(seconds)
    return look_again(case, Retry(by=by, via="desk"), context.people.get(by), context)


def test_it_is_looked_for_under_the_same_key_and_its_attempts_stay_on_record() -> None:
    case = uncertain_case()
    answer = wish(case)
    assert isinstance(answer, ChangeResult)
    again = answer.change.case.reply
    assert again is not None
    assert (again.state, again.problem, again.looked) == (ReplyState.PUBLISHING, replies.LOOK_FIRST, 0)
    assert (again.key, again.attempt, again.first_attempt_at) == (
        case.reply.key,
        case.reply.attempt,
        case.reply.first_attempt_at,
    )
    assert [type(effect) for effect in answer.change.effects] == [ShowCard, Publish]
    assert [(entry.fact, entry.actor) for entry in answer.change.entries] == [(Fact.FAILURE_RETRIED, "luis")]


def test_before_anybody_looked_nothing_counts_as_not_sent() -> None:
    again = wish(uncertain_case()).change.case.reply
    with pytest.raises(IllegalMove):
        replies.not_sent(again, "busy")


def test_looking_in_vain_leads_back_to_the_ordinary_way() -> None:
    case = wish(uncertain_case()).change.case
    looked = looked_in_vain(case).case.reply
    assert looked is not None
    assert (looked.problem, looked.looked) == (replies.ANSWER_LOST, 1)
    found = conclude(case, Posted(native_id="n1", url="https://a.example/1"), after(120)).case.reply
    assert found is not None
    assert (found.state, found.posted_url) == (ReplyState.PUBLISHED, "https://a.example/1")


@pytest.mark.parametrize(
    ("by", "reason"), [("vera", "not_entitled"), ("ada", "not_entitled"), ("eve", "unknown_person")]
)
def test_only_who_may_approve_may_wish_it(by: str, reason: str) -> None:
    answer = wish(uncertain_case(), by=by)
    assert isinstance(answer, Refused)
    assert answer.reason == reason


@pytest.mark.parametrize("state", [state for state in ReplyState if state is not ReplyState.UNCERTAIN])
def test_no_other_reply_is_looked_for_again(state: ReplyState) -> None:
    case = uncertain_case()
    answer = wish(replace(case, reply=replace(case.reply, state=state)))
    assert isinstance(answer, Refused)
    assert answer.reason == "nothing_to_retry"


def test_of_an_older_reply_a_person_must_say_what_became_of_it() -> None:
    case = uncertain_case()
    answer = wish(replace(case, ticket=replace(case.ticket, replies=case.ticket.replies + 1)))
    assert isinstance(answer, Refused)
    assert answer.remedy == "use_settle"


def test_nothing_is_published_straight_from_an_unknown_fate() -> None:
    with pytest.raises(IllegalMove):
        replies.start(uncertain_case().reply, after(99).now)
