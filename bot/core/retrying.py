"""What happens when a person wants a reply of unknown fate looked for once more."""

from __future__ import annotations

from bot.core import reply as replies
from bot.core.case import Case, Change, ChangeResult, Context
from bot.core.deciding import Answer, entitled, refuse
from bot.core.messages import Fact, Publish, Retry, ShowCard
from bot.core.types import Person, ReplyState, Role


def look_again(case: Case, wish: Retry, person: Person | None, context: Context) -> Answer:
    """The publisher looks on the network first, whatever its kind; then it goes on as after any lost answer."""
    no = entitled(case, person, Role.APPROVER)
    if no is not None or person is None:
        return no or refuse(case, "unknown_person", "ask_lead")
    reply = case.reply
    if reply is None or reply.state is not ReplyState.UNCERTAIN:
        return refuse(case, "nothing_to_retry", "see_failures")
    if reply.number != case.ticket.replies:
        # Only the newest reply is published; of an older one a person must say what became of it.
        return refuse(case, "nothing_to_retry", "use_settle")
    change = Change(case=case).with_reply(replies.look_again(reply))
    change = change.log(Fact.FAILURE_RETRIED, actor=person.id, reply=reply.id, via=wish.via)
    change = change.order(ShowCard(ticket=case.ticket.id), Publish(reply=reply.id, not_before=context.now))
    return ChangeResult(change=change, code="looked_again")
