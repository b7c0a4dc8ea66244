"""Whatever happens, in whatever order: nothing goes out that people did not agree to, and nothing twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from bot.core import deciding, sorting
from bot.core.case import ChangeResult
from bot.core.messages import Approve, Close, Edit, Redraft, Refuse, Reopen, SetSeverity, Settle, Undo, Write
from bot.core.reply import NEEDS_HAND
from bot.core.types import Severity, TicketStatus
from tests.support.core_world import PEOPLE
from tests.unit.core.ledger import Screen
from tests.unit.core.machine_facts import DECIDERS, FATES, TEXTS, WORDS
from tests.unit.core.machine_wishes import Wishes
from tests.unit.core.wire import Fate

MEANWHILE = st.sampled_from(
    [
        "nothing",
        "nothing",
        "crisis",
        "a day",
        "edit",
        "removal",
        "message",
        "luis",
        "pia",
        "ana",
        "ada edits",
        "ada redrafts",
        "undo",
    ]
)


class AnyOrder(Wishes):
    def __init__(self) -> None:
        super().__init__()
        self.before = self.house.sizes()

    # --- clicks on cards that may be old ------------------------------------------------------------------------

    @rule(data=st.data())
    def somebody_looks(self, data: st.DataObject) -> None:
        screen = self.house.screen(self._ticket(data))
        if screen is not None:
            self.screens.append(screen)

    @precondition(lambda self: self.screens)
    @rule(by=DECIDERS, data=st.data())
    def somebody_approves_what_is_on_the_screen(self, by: str, data: st.DataObject) -> None:
        self._click(by, data.draw(st.sampled_from(self.screens)))

    def _click(self, by: str, screen: Screen | None) -> None:
        """A yes by a click on a card: it counts for what the card showed, or not at all."""
        if screen is None:
            return
        now = self.house.screen(screen.ticket)
        wish = Approve(by=by, via="desk", ticket=screen.ticket, revision=screen.revision, seen=screen.stamp)
        answer = self._wish(wish)
        if isinstance(answer, ChangeResult):
            assert now is not None
            assert now.sight == screen.sight, "a yes to what was not seen"
        elif answer.reason == "not_newest_revision":
            assert now is not None
            same = (now.sight.text, now.sight.happened, now.taken) == (
                screen.sight.text,
                screen.sight.happened,
                screen.taken,
            )
            assert not same or now.revision != screen.revision, "nothing but yeses came in between"

    @rule(by=DECIDERS, twice=st.booleans(), meanwhile=MEANWHILE, text=WORDS, data=st.data())
    def a_click_comes_late(self, by: str, twice: bool, meanwhile: str, text: str, data: st.DataObject) -> None:
        """Or is delivered again, after what the first delivery did was changed."""
        ticket = self._ticket(data)
        screen = self.house.screen(ticket)
        if twice:
            self._click(by, screen)
        self._meanwhile(meanwhile, ticket, text)
        self._click(by, screen)

    @rule(by=DECIDERS, other=DECIDERS, data=st.data())
    def a_click_is_delivered_again_after_an_undo(self, by: str, other: str, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        self._wish(Write(by="ada", via="desk", ticket=ticket, text="It is fixed"))
        screen = self.house.screen(ticket)
        self._click(by, screen)
        self._wish(Undo(by=other, via="slack", ticket=ticket))
        self._click(by, screen)

    @rule(by=DECIDERS, other=DECIDERS, data=st.data())
    def two_people_type_a_yes(self, by: str, other: str, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        self._wish(Approve(by=by, via="desk", ticket=ticket))
        self._wish(Approve(by=other, via="slack", ticket=ticket))

    # --- the whole way ------------------------------------------------------------------------------------------

    @rule(fate=FATES, meanwhile=MEANWHILE, text=WORDS, data=st.data())
    def two_people_approve_and_it_goes_out(self, fate: Fate, meanwhile: str, text: str, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        self._send(ticket, fate, lambda: self._meanwhile(meanwhile, ticket, text))

    @rule(way=st.sampled_from(["", "no", "close", "message"]), by=DECIDERS, fate=FATES, data=st.data())
    def what_was_grave_is_talked_down(self, way: str, by: str, fate: Fate, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        for severity in (Severity.CRITICAL, Severity.LOW):
            self._wish(SetSeverity(by="ana", via="desk", ticket=ticket, severity=severity))
        if way == "message":
            self._meanwhile("message", ticket, "thanks")
        elif way:
            self._wish((Refuse if way == "no" else Close)(by="ana", via="desk", ticket=ticket))
        self._wish(Write(by="ada", via="desk", ticket=ticket, text="It is fixed"))
        self._send(ticket, fate, people=(by,))

    def _send(
        self,
        ticket: str,
        fate: Fate,
        meanwhile: Callable[[], object] = lambda: None,
        people: tuple[str, ...] = ("luis", "pia", "ana"),
    ) -> None:
        screen = self.house.screen(ticket)
        for by in people:
            self._click(by, screen)
        reply = self.house.case(ticket).reply
        meanwhile()
        self.house.now += timedelta(seconds=11)
        if reply is not None and reply.id in self.house.orders:
            self.house.publish(reply.id, fate)

    def _meanwhile(self, what: str, ticket: str, text: str) -> None:
        """What may come between the approval and the call."""
        house = self.house
        native = house.case(ticket).item.item.native_id
        if what == "crisis":
            house.crisis = True
        elif what == "a day":
            house.now += timedelta(days=1)
        elif what == "edit":
            house.edit(native, text)
        elif what == "removal":
            house.remove(native)
        elif what == "message":
            house.arrive(f"m{len(house.versions)}", "c1", text)
        elif what in PEOPLE:
            house.people.pop(what, None)
        elif what in ("ada edits", "ada redrafts"):
            edit = Edit(by="ada", via="desk", ticket=ticket, text="In a hurry")
            self._wish(edit if what == "ada edits" else Redraft(by="ada", via="desk", ticket=ticket))
        elif what == "undo":
            self._wish(Undo(by="ana", via="desk", ticket=ticket))

    @rule(fates=st.lists(FATES, min_size=1, max_size=3), text=WORDS, edit=st.booleans(), data=st.data())
    def the_answer_is_lost_and_life_goes_on(
        self, fates: list[Fate], text: str, edit: bool, data: st.DataObject
    ) -> None:
        """The long way: written by a person, sent, lost, overtaken by news, gone after, settled."""
        ticket = self._ticket(data)
        self._wish(Write(by="ada", via="desk", ticket=ticket, text=data.draw(TEXTS)))
        self._send(ticket, data.draw(st.sampled_from(["lost_posted", "lost_not", "crash_before"])))
        reply = self.house.case(ticket).reply
        if edit:
            self.house.edit(self.house.case(ticket).item.item.native_id, text)
        for fate in fates:
            self.house.now += timedelta(seconds=data.draw(st.sampled_from([5, 4000])))
            if reply is not None:
                self.house.reconcile(reply.id, fate)

    # --- always ---------------------------------------------------------------------------------------------------

    @invariant()
    def the_house_is_in_order(self) -> None:
        self.house.check()

    @invariant()
    def nothing_is_lost(self) -> None:
        sizes = self.house.sizes()
        assert all(now >= before for now, before in zip(sizes, self.before, strict=True))
        self.before = sizes

    @invariant()
    def every_ticket_has_a_way_forward(self) -> None:
        """Whatever state it is in: a lead can settle, close or open it, or a call to the network is under way."""
        boss = replace(PEOPLE["ana"], id="boss")
        for ticket, state in self.house.tickets.items():
            case, now = self.house.case(ticket), self.house.context()
            if case.reply is not None and case.reply.state in NEEDS_HAND:
                settle = Settle(by="boss", via="desk", ticket=ticket, posted=False)
                assert isinstance(deciding.settle(case, settle, boss, now), ChangeResult)
            if state.status is TicketStatus.CLOSED:
                reopen = Reopen(by="boss", via="desk", ticket=ticket)
                assert isinstance(sorting.reopen(case, reopen, boss, now), ChangeResult)
            elif case.flying is None:
                close = Close(by="boss", via="desk", ticket=ticket)
                assert isinstance(sorting.close(case, close, boss, now), ChangeResult)


QUICK = settings(max_examples=50, stateful_step_count=50, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=600, stateful_step_count=60, suppress_health_check=list(HealthCheck))


def test_any_order_of_facts_and_wishes_keeps_what_never_changes() -> None:
    run_state_machine_as_test(AnyOrder, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_very_many_orders_of_facts_and_wishes_keep_what_never_changes() -> None:
    run_state_machine_as_test(AnyOrder, settings=LONG)
