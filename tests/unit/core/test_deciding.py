"""People's wishes about replies: what each one does, and why it is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import deciding, intake, publishing, sorting
from bot.core import reply as replies
from bot.core.approval import Verdict
from bot.core.case import Case, ChangeResult
from bot.core.messages import (
    Approve,
    Claim,
    Close,
    Edit,
    Fact,
    OnTicket,
    Publish,
    Redraft,
    Refuse,
    Refused,
    Settle,
    Undo,
    Write,
)
from bot.core.proposing import MAX_TEXT, add_wording, new_reply
from bot.core.types import Posted, Rejected, ReplyState, Role, TicketStatus, Unknown
from tests.support.core_world import (
    PEOPLE,
    RULES,
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
    publishing_case,
    stored,
    wish,
    with_person,
)

Answer = ChangeResult | Refused


def say(case: Case, by: str = "luis", *, now: Any = None, **more: Any) -> Answer:
    return deciding.approve(case, wish(Approve, by, **more), PEOPLE[by], now or context())


def refuse_it(case: Case, by: str = "luis", **more: Any) -> Answer:
    return deciding.refuse_reply(case, wish(Refuse, by, **more), PEOPLE[by], context())


def edit(case: Case, text: str = "Other words", by: str = "ada", *, now: Any = None, **more: Any) -> Answer:
    return deciding.edit(case, wish(Edit, by, text=text, **more), PEOPLE[by], now or context())


def write(case: Case, text: str = "Own words", by: str = "ada", *, now: Any = None) -> Answer:
    return deciding.write(case, wish(Write, by, text=text), PEOPLE[by], now or context())


def redraft(case: Case, by: str = "ada", hint: str = "") -> Answer:
    return deciding.redraft(case, wish(Redraft, by, hint=hint), PEOPLE[by], context())


def undo(case: Case, by: str = "luis", *, now: Any = None) -> Answer:
    return deciding.undo(case, wish(Undo, by), PEOPLE[by], now or context())


def settle(case: Case, by: str = "luis", *, posted: bool = True, url: str = "") -> Answer:
    return deciding.settle(case, wish(Settle, by, posted=posted, url=url), PEOPLE[by], after(60))


def in_state(state: ReplyState, text: str = "The soup was cold") -> Case:
    """A case whose reply got there by the ways there are."""
    flying = publishing_case(text)
    ways: dict[ReplyState, Any] = {
        ReplyState.PUBLISHED: Posted(native_id="n1", url="https://n/1"),
        ReplyState.UNCERTAIN: Unknown(detail="timeout"),
        ReplyState.HANDED_OFF: Rejected(reason="summons", manual_url="https://n/by-hand"),
        ReplyState.REJECTED: Rejected(reason="thread locked"),
    }
    if state is ReplyState.PUBLISHING:
        return flying
    if state is ReplyState.PROPOSED:
        return proposed(text)
    if state is ReplyState.APPROVED:
        return approved(text)
    if state is ReplyState.DRAFTING:
        return new_reply(opening("SILENCE"), context()).case
    if state is ReplyState.WITHDRAWN:
        return done(refuse_it(proposed(text))).change.case
    if state is ReplyState.PENDING:
        assert flying.reply
        return replace(flying, reply=replies.pending(flying.reply, native_id="n1", url=None))
    return publishing.conclude(flying, ways[state], after(12)).case


def state_of(result: ChangeResult) -> ReplyState:
    assert result.change.case.reply
    return result.change.case.reply.state


def facts(result: ChangeResult) -> list[Fact]:
    return [entry.fact for entry in result.change.entries]


# --- who may --------------------------------------------------------------------------------------------------------

NEEDS = [
    (deciding.approve, Approve, {}, Role.APPROVER),
    (deciding.refuse_reply, Refuse, {}, Role.APPROVER),
    (deciding.edit, Edit, {"text": "x"}, Role.AGENT),
    (deciding.write, Write, {"text": "x"}, Role.AGENT),
    (deciding.redraft, Redraft, {}, Role.AGENT),
    (deciding.undo, Undo, {}, Role.APPROVER),
    (deciding.settle, Settle, {"posted": True}, Role.APPROVER),
]


@pytest.mark.parametrize(("function", "kind", "more", "role"), NEEDS, ids=lambda v: getattr(v, "__name__", ""))
def test_who_is_not_entitled_learns_whom_to_ask(
    function: Any, kind: type[OnTicket], more: dict[str, Any], role: Role
) -> None:
    for name in ("vera", "ada"):
        if not PEOPLE[name].role.covers(role):
            answer = function(proposed(), wish(kind, name, **more), PEOPLE[name], context())
            assert no(answer) == ("not_entitled", "ask_approver")
            assert answer.params == {"role": PEOPLE[name].role.value, "needed": role.value}
    assert no(function(proposed(), wish(kind, "iris", **more), PEOPLE["iris"], context())) == (
        "unknown_person",
        "ask_lead",
    )
    assert no(function(proposed(), wish(kind, "x", **more), None, context())) == ("unknown_person", "ask_lead")


def test_what_only_a_lead_may_is_asked_of_a_lead() -> None:
    refused = deciding.entitled(proposed(), PEOPLE["luis"], Role.LEAD)
    assert refused
    assert (refused.reason, refused.remedy) == ("not_entitled", "ask_lead")


# --- approve --------------------------------------------------------------------------------------------------------


def test_one_yes_starts_the_undo_window_and_orders_the_publication_after_it() -> None:
    result = done(say(proposed(), revision=1))
    reply = result.change.case.reply
    until = T0 + RULES.undo
    assert reply
    assert (reply.state, reply.undo_until) == (ReplyState.APPROVED, until)
    assert reply.key
    assert result.code == "approved_waiting_undo"
    assert result.params == {"seconds": 10, "until": until.isoformat()}
    assert Publish(reply=reply.id, not_before=until) in result.change.effects
    assert facts(result) == [Fact.REPLY_APPROVED, Fact.REPLY_QUORUM_REACHED]
    assert result.change.decisions[0].expires_at == T0 + timedelta(hours=24)


def test_the_first_of_two_yeses_waits_for_the_second() -> None:
    first = done(say(proposed("danger")))
    assert (first.code, first.params) == ("approved_needs_more", {"have": 1, "need": 2})
    assert state_of(first) is ReplyState.PROPOSED
    again = say(first.change.case)
    assert no(again) == ("already_approved_by_you", "none")
    assert isinstance(again, Refused)
    assert again.params == {"have": 1, "need": 2}
    assert done(say(first.change.case, "pia")).code == "approved_waiting_undo"


def test_the_author_may_be_one_of_two_but_not_both() -> None:
    written = done(write(proposed("danger"), by="luis")).change.case
    own = done(say(written, "luis"))
    assert own.code == "approved_needs_more"
    assert done(say(own.change.case, "pia")).code == "approved_waiting_undo"


def test_a_yes_that_ran_out_can_be_given_again() -> None:
    first = done(say(proposed("danger"))).change.case
    day = after(86_400)
    assert done(say(first, "pia", now=day)).code == "approved_needs_more"
    assert done(say(first, "luis", now=day)).code == "approved_needs_more"


def test_a_yes_that_counts_again_completes_the_quorum_when_repeated() -> None:
    """Luis says yes and loses the right; Pía says yes; Luis gets the right back: nobody must be stuck."""
    first = done(say(proposed("danger"))).change.case
    demoted = context(people=with_person("luis", role=Role.AGENT))
    second = done(say(first, "pia", now=demoted))
    assert second.code == "approved_needs_more"
    assert done(say(second.change.case, "pia")).code == "approved_waiting_undo"


def test_a_crisis_opened_since_asks_for_a_second_person() -> None:
    result = done(say(proposed(), now=context(crisis=True)))
    assert result.code == "approved_needs_more"
    assert result.change.case.reply
    assert result.change.case.reply.quorum == 2
    assert Fact.REPLY_QUORUM_RAISED in facts(result)


def test_a_yes_to_an_older_revision_is_shown_the_newest() -> None:
    answer = say(done(edit(proposed())).change.case, revision=1)
    assert no(answer) == ("not_newest_revision", "look_at_newest")
    assert isinstance(answer, Refused)
    assert answer.params == {"seen": 1, "newest": 2}


def test_nobody_approves_an_answer_to_what_is_gone() -> None:
    gone = intake.notice_removal(proposed(), stored(2, number=2, gone=True), "removed", context()).case
    assert no(say(gone))[0] == "item_gone"


def test_what_the_guard_blocks_must_be_edited_first() -> None:
    answer = say(done(edit(proposed(), "BLOCK")).change.case)
    assert no(answer) == ("guard_blocks", "edit_first")
    assert isinstance(answer, Refused)
    assert [finding.rule for finding in answer.findings] == ["forbidden"]


def test_a_warning_is_passed_on_and_stops_nothing() -> None:
    result = done(say(done(edit(proposed(), "PROMISE")).change.case))
    assert [finding.level for finding in result.findings] == ["warn"]


REASONS = [
    (ReplyState.DRAFTING, "nothing_to_approve", "write_reply"),
    (ReplyState.PUBLISHING, "being_published", "none"),
    (ReplyState.PENDING, "being_published", "none"),
    (ReplyState.PUBLISHED, "already_decided", "reply_follow_up"),
    (ReplyState.UNCERTAIN, "being_published", "use_settle"),
    (ReplyState.REJECTED, "cannot_reply_there", "write_reply"),
    (ReplyState.HANDED_OFF, "cannot_reply_there", "use_manual_link"),
    (ReplyState.WITHDRAWN, "nothing_to_approve", "write_reply"),
]


@pytest.mark.parametrize(("state", "reason", "remedy"), REASONS)
@pytest.mark.parametrize("act", [say, refuse_it, edit], ids=["approve", "refuse", "edit"])
def test_what_cannot_be_decided_any_more_says_what_can_be_done(
    act: Any, state: ReplyState, reason: str, remedy: str
) -> None:
    case = in_state(state)
    assert case.reply
    assert case.reply.state is state
    assert no(act(case)) == (reason, remedy)


@pytest.mark.parametrize("act", [say, refuse_it, edit], ids=["approve", "refuse", "edit"])
def test_without_a_reply_there_is_one_to_write(act: Any) -> None:
    assert no(act(bare())) == ("nothing_to_approve", "write_reply")


def test_a_reply_whose_words_are_missing_cannot_be_approved() -> None:
    assert no(say(replace(proposed(), revision=None))) == ("nothing_to_approve", "write_reply")


def test_an_approved_reply_is_not_approved_again() -> None:
    assert no(say(approved())) == ("already_decided", "none")
    assert no(say(approved(), "pia"))[0] == "already_decided"


def test_links_to_what_was_posted_or_is_to_be_posted_by_hand_are_given() -> None:
    by_hand, posted = say(in_state(ReplyState.HANDED_OFF)), say(in_state(ReplyState.PUBLISHED))
    assert isinstance(by_hand, Refused)
    assert isinstance(posted, Refused)
    assert by_hand.params["url"] == "https://n/by-hand"
    assert posted.params["url"] == "https://n/1"


# --- refuse ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [proposed(), approved()], ids=["proposed", "approved"])
def test_a_no_withdraws_the_reply_and_leaves_the_ticket_open(case: Case) -> None:
    result = done(refuse_it(case, revision=1))
    assert (result.code, state_of(result)) == ("refused", ReplyState.WITHDRAWN)
    assert result.change.decisions[0].verdict is Verdict.REFUSE
    assert result.change.case.ticket.status is TicketStatus.OPEN
    assert result.change.contents == ()


def test_the_reason_of_a_no_is_kept_inside() -> None:
    result = done(refuse_it(proposed(), reason="  too cold "))
    assert [(c.kind, c.text) for c in result.change.contents] == [("note", "too cold")]


def test_a_no_to_an_older_revision_changes_nothing() -> None:
    assert no(refuse_it(done(edit(proposed())).change.case, revision=1))[0] == "not_newest_revision"


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
    [(ReplyState.PUBLISHING, "none"), (ReplyState.PENDING, "none"), (ReplyState.UNCERTAIN, "use_settle")],
)
def test_while_a_reply_is_on_its_way_there_is_no_further_one(state: ReplyState, remedy: str) -> None:
    assert no(write(in_state(state))) == ("being_published", remedy)
    assert no(redraft(in_state(state)))[0] == "being_published"


def gone() -> Case:
    return intake.notice_removal(bare(), stored(2, number=2, gone=True), "removed", context()).case


def test_what_is_gone_gets_no_reply() -> None:
    assert no(write(gone()))[0] == "item_gone"
    assert no(redraft(gone()))[0] == "item_gone"


def closed(case: Case) -> Case:
    return done(sorting.close(case, wish(Close, "ada"), PEOPLE["ada"], context())).change.case


@pytest.mark.parametrize("act", [write, redraft], ids=["write", "redraft"])
def test_a_reply_opens_a_closed_ticket(act: Any) -> None:
    result = done(act(closed(proposed())))
    assert result.change.case.ticket.status is TicketStatus.OPEN
    assert facts(result) == [Fact.TICKET_REOPENED, Fact.REPLY_PROPOSED]


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


# --- undo -----------------------------------------------------------------------------------------------------------


def test_an_undo_takes_the_approval_back() -> None:
    result = done(undo(approved(), "pia"))
    assert (result.code, state_of(result)) == ("undone", ReplyState.PROPOSED)
    assert result.change.decisions[0].verdict is Verdict.UNDO
    assert no(undo(result.change.case)) == ("nothing_to_undo", "none")
    assert no(say(result.change.case, "vera"))[0] == "not_entitled"
    assert done(say(result.change.case)).code == "approved_waiting_undo"


def test_a_yes_can_be_taken_back_while_another_is_awaited() -> None:
    first = done(say(proposed("danger"))).change.case
    result = done(undo(first))
    assert state_of(result) is ReplyState.PROPOSED
    assert done(say(result.change.case, "pia")).code == "approved_needs_more"


def test_what_waits_to_go_out_can_be_stopped_even_if_its_approval_ran_out() -> None:
    result = done(undo(approved(), now=after(86_400 * 2)))
    assert state_of(result) is ReplyState.PROPOSED


@pytest.mark.parametrize(
    ("case", "reason", "remedy"),
    [
        (bare(), "nothing_to_undo", "none"),
        (proposed(), "nothing_to_undo", "none"),
        (in_state(ReplyState.WITHDRAWN), "nothing_to_undo", "none"),
        (in_state(ReplyState.DRAFTING), "nothing_to_undo", "none"),
        (in_state(ReplyState.PUBLISHING), "undo_too_late", "reply_follow_up"),
        (in_state(ReplyState.PUBLISHED), "undo_too_late", "reply_follow_up"),
    ],
)
def test_what_cannot_be_undone(case: Case, reason: str, remedy: str) -> None:
    assert no(undo(case)) == (reason, remedy)


# --- settle ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ReplyState.UNCERTAIN, ReplyState.HANDED_OFF])
def test_a_person_saw_it_there(state: ReplyState) -> None:
    result = done(settle(in_state(state), url=" https://n/7 "))
    reply = result.change.case.reply
    assert reply
    assert (result.code, reply.state, reply.posted_url) == ("settled_posted", ReplyState.PUBLISHED, "https://n/7")
    assert result.change.case.ticket.status is TicketStatus.WAITING


def test_what_was_said_meanwhile_keeps_the_ticket_open() -> None:
    case = in_state(ReplyState.UNCERTAIN)
    case = intake.hear(case, stored(2, "b", "Hello?"), assess("Hello?"), after(30)).case
    assert done(settle(case)).change.case.ticket.status is TicketStatus.OPEN


def test_a_person_saw_that_it_is_not_there() -> None:
    back = done(settle(in_state(ReplyState.UNCERTAIN), posted=False))
    assert (back.code, state_of(back)) == ("settled_absent", ReplyState.PROPOSED)
    assert no(undo(back.change.case))[0] == "nothing_to_undo"
    again = done(say(back.change.case, now=after(61))).change.case
    assert publishing.start(again, after(80)).case.reply
    away = done(settle(in_state(ReplyState.HANDED_OFF), posted=False))
    assert state_of(away) is ReplyState.WITHDRAWN


def test_calls_are_numbered_on_after_a_lost_one() -> None:
    back = done(settle(in_state(ReplyState.UNCERTAIN), posted=False)).change.case
    second = publishing.start(done(say(back, now=after(61))).change.case, after(80)).case.reply
    assert second
    assert second.attempt == 2


@pytest.mark.parametrize("state", [s for s in ReplyState if s not in replies.NEEDS_HAND])
def test_there_is_nothing_to_settle_elsewhere(state: ReplyState) -> None:
    assert no(settle(in_state(state))) == ("nothing_to_settle", "none")


def test_nothing_to_settle_without_a_reply() -> None:
    assert no(settle(bare())) == ("nothing_to_settle", "none")


def test_a_proof_must_be_a_link() -> None:
    assert no(settle(in_state(ReplyState.UNCERTAIN), url="javascript:alert(1)")) == ("not_a_link", "see_help")


# --- wording --------------------------------------------------------------------------------------------------------


def test_words_need_a_reply_to_stand_on() -> None:
    with pytest.raises(ValueError, match="no reply to word"):
        add_wording(opening("SILENCE"), context(), text="x", author=None, source="fake", checked=(None, ()))


def test_a_yes_needs_a_reply_to_stand_for() -> None:
    with pytest.raises(ValueError, match="no reply to approve"):
        deciding._approved_by(opening("SILENCE"), PEOPLE["luis"], wish(Approve, "luis"), context())


def test_a_refusal_names_the_ticket() -> None:
    assert deciding.refuse(proposed(), "why").ticket == TICKET
