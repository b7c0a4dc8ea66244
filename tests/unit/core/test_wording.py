"""Words for a reply: edited, written, drafted again; and when they are not taken."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core import deciding, intake, publishing, sorting
from bot.core.case import Case
from bot.core.messages import (
    Approve,
    Claim,
    Close,
    Fact,
    Refused,
)
from bot.core.proposing import MAX_TEXT, add_wording
from bot.core.types import ReplyState, TicketStatus
from tests.support.core_world import (
    PEOPLE,
    T0,
    TICKET,
    after,
    approved,
    assess,
    bare,
    context,
    done,
    no,
    opening,
    proposed,
    stored,
    wish,
)
from tests.unit.core.acts import edit, facts, in_state, redraft, say, state_of, write

# --- edit -----------------------------------------------------------------------------------------------------------


def test_an_edit_is_a_further_revision_with_its_checks() -> None:
    result = done(edit(proposed(), "  PROMISE  ", revision=1))
    assert (result.code, result.params) == ("edited", {"revision": 2})
    revision = result.change.revisions[0]
    assert (revision.text, revision.author, revision.source, revision.language) == ("PROMISE", "ada", "person", "en")
    assert result.findings == revision.checks != ()
    assert facts(result) == [Fact.REPLY_REVISED]


def test_an_edit_in_the_undo_window_takes_the_approval_away() -> None:
    result = done(edit(approved()))
    reply = result.change.case.reply
    assert reply
    assert (reply.state, reply.key, reply.undo_until) == (ReplyState.PROPOSED, None, None)
    assert facts(result) == [Fact.APPROVAL_VOIDED, Fact.REPLY_REVISED]
    assert publishing.approval_problem(result.change.case, context()) == "changed"


def test_an_edit_of_what_one_of_two_approved_says_that_this_yes_fell() -> None:
    first = done(say(proposed("danger"))).change.case
    assert facts(done(edit(first))) == [Fact.APPROVAL_VOIDED, Fact.REPLY_REVISED]


def test_the_same_words_come_back_without_the_yes_that_they_had() -> None:
    case = done(say(proposed("danger"))).change.case
    away = done(edit(case, "Other words")).change.case
    back = done(edit(away, "About «danger»")).change.case
    assert done(say(back, "pia")).code == "approved_needs_more"


def test_an_edit_of_an_older_revision_is_shown_the_newest() -> None:
    case = done(edit(proposed())).change.case
    assert no(edit(case, "Third words", revision=1)) == ("not_newest_revision", "look_at_newest")


@pytest.mark.parametrize("act", [edit, write], ids=["edit", "write"])
def test_a_reply_needs_words_and_not_too_many(act: Any) -> None:
    assert no(act(proposed(), " \n\t ")) == ("empty_text", "see_help")
    assert no(act(proposed(), "x" * (MAX_TEXT + 1))) == ("text_too_long", "edit_first")
    assert done(act(proposed(), "x" * MAX_TEXT)).code == "edited"


def test_the_same_words_are_no_edit() -> None:
    assert no(edit(proposed(), "About «The soup was cold»")) == ("same_text", "none")


def claimed(by: str = "luis") -> Case:
    return done(sorting.claim(proposed(), wish(Claim, by), PEOPLE[by], context())).change.case


@pytest.mark.parametrize("act", [edit, write, lambda case, **k: redraft(case)], ids=["edit", "write", "redraft"])
def test_who_claimed_it_writes_alone_for_a_while(act: Any) -> None:
    answer = act(claimed())
    assert no(answer) == ("claimed_by_other", "wait_or_take_over")
    assert answer.params == {"who": "Luis"}


def test_the_claimer_writes_and_others_still_approve() -> None:
    assert done(edit(claimed("ada"))).code == "edited"
    assert done(say(claimed("ada"))).code == "approved_waiting_undo"
    assert done(edit(claimed(), now=after(15 * 60))).code == "edited"


def test_a_claimer_who_left_is_named_by_id() -> None:
    people = {name: person for name, person in PEOPLE.items() if name != "luis"}
    answer = edit(claimed(), now=context(people=people))
    assert isinstance(answer, Refused)
    assert answer.params == {"who": "luis"}


# --- write ----------------------------------------------------------------------------------------------------------


def test_without_a_draft_a_person_writes_the_reply() -> None:
    result = done(write(bare()))
    assert (result.code, result.params, state_of(result)) == ("reply_proposed", {"revision": 1}, ReplyState.PROPOSED)
    assert facts(result) == [Fact.REPLY_PROPOSED]


def test_writing_over_an_open_proposal_edits_it() -> None:
    assert done(write(proposed())).code == "edited"


def test_a_draft_that_never_came_does_not_keep_people_from_writing() -> None:
    result = done(write(in_state(ReplyState.DRAFTING)))
    assert (result.code, result.params, state_of(result)) == ("reply_proposed", {"revision": 1}, ReplyState.PROPOSED)


@pytest.mark.parametrize(
    "state", [ReplyState.PUBLISHED, ReplyState.REJECTED, ReplyState.HANDED_OFF, ReplyState.WITHDRAWN]
)
def test_after_a_reply_has_come_to_its_end_a_further_one_can_be_written(state: ReplyState) -> None:
    result = done(write(in_state(state)))
    assert result.change.case.reply
    assert result.change.case.reply.id == "K7Q2.2"
    assert result.params == {"revision": 2}


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        (ReplyState.PUBLISHING, "wait_a_moment"),
        (ReplyState.PENDING, "use_settle"),
        (ReplyState.UNCERTAIN, "use_settle"),
    ],
)
def test_while_a_reply_is_on_its_way_there_is_no_further_one(state: ReplyState, remedy: str) -> None:
    assert no(write(in_state(state))) == ("being_published", remedy)
    assert no(redraft(in_state(state))) == ("being_published", remedy)


def gone() -> Case:
    return intake.notice_removal(bare(), stored(2, number=2, gone=True), "removed", context()).case


def test_what_is_gone_gets_no_reply() -> None:
    assert no(write(gone())) == ("item_gone", "close_ticket")
    assert no(redraft(gone())) == ("item_gone", "close_ticket")


def closed(case: Case) -> Case:
    return done(sorting.close(case, wish(Close, "ada"), PEOPLE["ada"], context())).change.case


@pytest.mark.parametrize("act", [write, redraft], ids=["write", "redraft"])
def test_a_reply_opens_a_closed_ticket(act: Any) -> None:
    result = done(act(closed(proposed())))
    assert result.change.case.ticket.status is TicketStatus.OPEN
    assert facts(result) == [Fact.TICKET_REOPENED, Fact.REPLY_PROPOSED]
    assert result.change.case.ticket.due_at == T0 + timedelta(hours=1), "what was never answered has a clock again"


# --- redraft --------------------------------------------------------------------------------------------------------


def test_a_redraft_is_a_revision_that_follows_the_hint() -> None:
    result = done(redraft(approved(), hint="shorter"))
    assert (result.code, result.params, state_of(result)) == ("redrafted", {"revision": 2}, ReplyState.PROPOSED)
    assert result.change.revisions[0].text == "About «The soup was cold»: shorter"
    assert result.change.revisions[0].author is None


def test_without_a_language_a_person_must_write() -> None:
    assert no(redraft(bare())) == ("no_draft_for_language", "write_reply")


def test_a_redraft_answers_the_newest_message_under_the_newest_message() -> None:
    """Words written by a person stay under the first comment; a draft about the second must not end up there."""
    case = done(write(bare())).change.case
    case = intake.hear(case, stored(2, "b", "And late"), assess("And late"), after(60)).case
    result = done(redraft(case))
    reply = result.change.case.reply
    assert reply
    assert (reply.id, reply.item, reply.revision) == ("K7Q2.2", 2, 2)
    assert [(r.id, r.state) for r in result.change.withdrawn] == [("K7Q2.1", ReplyState.WITHDRAWN)]
    assert result.change.revisions[0].text == "About «And late»"


# --- wording --------------------------------------------------------------------------------------------------------


def test_words_need_a_reply_to_stand_on() -> None:
    with pytest.raises(ValueError, match="no reply to word"):
        add_wording(opening("SILENCE"), context(), text="x", author=None, source="fake", checked=(None, ()))


def test_a_yes_needs_a_reply_to_stand_for() -> None:
    with pytest.raises(ValueError, match="no reply to approve"):
        deciding._approved_by(opening("SILENCE"), PEOPLE["luis"], wish(Approve, "luis"), context(), ())


def test_a_refusal_names_the_ticket() -> None:
    assert deciding.refuse(proposed(), "why").ticket == TICKET
