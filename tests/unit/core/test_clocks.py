"""A ticket's clocks: what is owed, what is left of it, and what the team is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import ticket as tickets
from bot.core.clocks import Step, follow, ring
from bot.core.oncall import Rotation, called
from bot.core.rules import Rules
from bot.core.targets import TargetRule
from bot.core.ticket import Ticket
from bot.core.types import AuthorFlag, Kind, Severity, TicketStatus
from bot.core.worktime import Calendar, read_day
from tests.support.core_world import PEOPLE, RULES, T0, opening

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TICKET = opening().case.ticket
OFFICE = Calendar(week=(*[read_day("09:00-17:00")] * 5, (), ()), tz=UTC)
WORKING = Rules(calendar=OFFICE, resolution=timedelta(hours=16))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + minutes * MINUTE


def after(before: Ticket | None, ticket: Ticket, now: datetime, rules: Rules = RULES, **more: Any) -> Ticket:
    return follow(before, ticket, now, rules, **more)


def fresh(now: datetime, rules: Rules, reply_by: datetime | None = None, **more: Any) -> Ticket:
    bare = replace(TICKET, opened_at=now, updated_at=now, clock_since=None, answer_target=None, due_at=None, **more)
    return follow(None, bare, now, rules, asked=True, reply_by=reply_by)


def left(ticket: Ticket, now: datetime, rules: Rules) -> timedelta:
    """What is left on the clock of the answer."""
    assert ticket.answer_target is not None
    calendar = rules.calendar_of(always=ticket.clock_always)
    running = calendar.between(ticket.clock_since or now, now)
    return timedelta(seconds=ticket.answer_target - ticket.answer_spent) - running


def waits(ticket: Ticket, now: datetime, rules: Rules = RULES) -> Ticket:
    return after(ticket, tickets.waiting(ticket, now, on="luis"), now, rules)


def opens(ticket: Ticket, now: datetime, rules: Rules = RULES) -> Ticket:
    return after(ticket, tickets.opened(ticket, now), now, rules)


def hears(ticket: Ticket, now: datetime, rules: Rules = RULES, **more: Any) -> Ticket:
    heard = replace(tickets.heard(ticket, now, item=2), **more)
    return after(ticket, heard, now, rules, asked=True)


def answers(ticket: Ticket, now: datetime, rules: Rules = RULES, *, overtaken: bool = False) -> Ticket:
    return after(ticket, tickets.answered(ticket, now, overtaken=overtaken), now, rules)


def closes(ticket: Ticket, now: datetime, rules: Rules = RULES) -> Ticket:
    return after(ticket, tickets.closed(ticket, now, reason=None), now, rules)


def sorts(ticket: Ticket, now: datetime, rules: Rules = RULES, **more: Any) -> Ticket:
    return after(ticket, replace(ticket, **more), now, rules)


# --- waits -----------------------------------------------------------------------------------------------------------


def test_waiting_and_snoozing_keep_what_is_left_and_it_goes_on_later() -> None:
    for park in (waits, lambda t, now: after(t, tickets.snoozed(t, now, until=at(999)), now)):
        parked = park(TICKET, at(20))
        assert (parked.due_at, parked.clock_since, parked.ring_at) == (None, None, None)
        assert left(parked, at(700), RULES) == 40 * MINUTE
        back = opens(parked, at(500))
        assert back.due_at == at(540)
        assert left(back, at(530), RULES) == 10 * MINUTE
        assert opens(waits(back, at(530)), at(900)).due_at == at(910), "twice is no other than once"
    late = opens(waits(TICKET, at(90)), at(200))
    assert (late.due_at, left(late, at(200), RULES)) == (at(200), -30 * MINUTE)


def test_a_further_message_never_puts_the_answer_off_but_a_graver_one_brings_it_forward() -> None:
    assert hears(TICKET, at(10)).due_at == TICKET.due_at
    assert hears(TICKET, at(10), kind=Kind.PRAISE).due_at == TICKET.due_at
    assert hears(TICKET, at(10), kind=Kind.SPAM).due_at == TICKET.due_at
    assert hears(TICKET, at(10), severity=Severity.CRITICAL).due_at == at(25)
    assert hears(waits(TICKET, at(50)), at(100)).due_at == at(110), "what stood still goes on"


def test_after_an_answer_the_next_message_begins_a_wait_of_its_own() -> None:
    answered = answers(TICKET, at(20))
    assert (answered.due_at, answered.answer_target, answered.ring_at) == (None, None, None)
    assert (answered.first_target, answered.first_spent) == (3600, 1200)
    again = hears(answered, at(100))
    assert (again.due_at, again.answer_spent) == (at(160), 0)
    twice = answers(again, at(130))
    assert (twice.first_spent, twice.answered_at) == (1200, at(20)), "the first answer is the one that counts"
    assert opens(answered, at(100)).due_at is None, "nothing is owed"


def test_an_answer_that_was_overtaken_counts_and_the_wait_goes_on() -> None:
    overtaken = answers(TICKET, at(20), overtaken=True)
    assert (overtaken.first_target, overtaken.first_spent) == (3600, 1200)
    assert (overtaken.status, overtaken.due_at) == (TicketStatus.OPEN, TICKET.due_at)


def test_another_kind_or_severity_has_another_target_and_what_was_spent_stays_spent() -> None:
    assert sorts(TICKET, at(10), kind=Kind.QUESTION).due_at == at(240)
    assert sorts(TICKET, at(10), severity=Severity.CRITICAL).due_at == at(15)
    spam = sorts(TICKET, at(10), kind=Kind.SPAM)
    assert (spam.due_at, spam.answer_target) == (None, None)
    assert sorts(spam, at(30), kind=Kind.COMPLAINT).due_at == at(60), "as if it had been counted all along"
    parked = sorts(waits(TICKET, at(20)), at(30), kind=Kind.QUESTION)
    assert (parked.due_at, left(parked, at(99), RULES)) == (None, 220 * MINUTE)
    shut = sorts(closes(TICKET, at(5)), at(30), kind=Kind.QUESTION)
    assert (shut.due_at, shut.clock_since) == (None, None)
    assert sorts(answers(TICKET, at(5)), at(9), kind=Kind.QUESTION).due_at is None


def test_closing_stops_everything_and_opening_again_lets_it_go_on() -> None:
    shut = closes(TICKET, at(20), WORKING)
    assert (shut.due_at, shut.resolve_at, shut.ring_at, shut.clock_since) == (None, None, None, None)
    assert opens(closes(TICKET, at(20)), at(50)).due_at == at(90)


def test_who_writes_again_after_it_was_closed_waits_anew() -> None:
    told, _ = ring(TICKET, at(61), RULES)
    again = hears(closes(told, at(70)), at(9000))
    assert (again.due_at, again.answer_spent, again.ring_at) == (at(9060), 0, at(9030)), "neither late nor unheard"


def test_what_seemed_to_need_no_answer_after_ours_gets_its_clock_when_somebody_says_what_it_is() -> None:
    taken_for_spam = hears(answers(TICKET, at(20)), at(100), kind=Kind.SPAM)
    assert taken_for_spam.due_at is None
    put_right = sorts(taken_for_spam, at(110), kind=Kind.COMPLAINT)
    assert (put_right.due_at, put_right.ring_at) == (at(160), at(130))
    assert sorts(answers(put_right, at(120)), at(130), kind=Kind.QUESTION).due_at is None


def test_the_whole_matter_is_timed_while_it_is_open() -> None:
    ticket = fresh(MONDAY, WORKING)
    assert (ticket.resolve_target, ticket.resolve_at) == (16 * 3600, MONDAY + timedelta(hours=32))
    waiting = answers(ticket, MONDAY + HOUR, WORKING)
    assert (waiting.resolve_at, waiting.resolve_spent) == (None, 3600)
    again = hears(waiting, MONDAY + 3 * HOUR, WORKING)
    shut = closes(again, MONDAY + timedelta(hours=26), WORKING)
    assert shut.resolve_spent == 3600 + (5 + 2) * 3600, "only while it was open, only in working hours"


# --- working time, windows, targets of their own ---------------------------------------------------------------------


def test_only_working_hours_count_but_for_what_is_critical() -> None:
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert fresh(friday, WORKING).due_at == MONDAY + 30 * MINUTE
    critical = fresh(friday, WORKING, severity=Severity.CRITICAL)
    assert (critical.due_at, critical.clock_always) == (friday + 15 * MINUTE, True)
    assert fresh(friday, replace(WORKING, critical_always=False), severity=Severity.CRITICAL).due_at == friday + (
        15 * MINUTE
    )
    night = datetime(2026, 11, 20, 22, tzinfo=UTC)
    raised = sorts(fresh(night, WORKING), night + HOUR, WORKING, severity=Severity.CRITICAL)
    assert raised.due_at == night + HOUR + 15 * MINUTE


def test_a_rule_of_its_own_wins_and_what_it_leaves_open_is_as_usual() -> None:
    rules = Rules(
        network_types={"wall": "wall"},
        resolution=48 * HOUR,
        targets=(
            TargetRule(flag=AuthorFlag.VIP, answer=10 * MINUTE, hours="always"),
            TargetRule(network="wall", min_severity=Severity.HIGH, resolution=HOUR),
            TargetRule(account="shop", answer=MINUTE),
        ),
        calendar=OFFICE,
    )
    found = [
        rules.target(replace(TICKET, **changed))
        for changed in (
            {},
            {"flag": AuthorFlag.VIP},
            {"flag": AuthorFlag.PRESS, "severity": Severity.HIGH},
            {"account": "shop"},
            {"account": "shop", "kind": Kind.NOISE},
        )
    ]
    assert [(one.answer, one.resolution, one.always) for one in found] == [
        (HOUR, 48 * HOUR, False),
        (10 * MINUTE, 48 * HOUR, True),
        (HOUR, HOUR, False),
        (MINUTE, 48 * HOUR, False),
        (None, None, False),
    ]
    assert sorts(TICKET, at(2), rules, flag=AuthorFlag.VIP).due_at == at(12)


def test_the_networks_window_counts_where_it_closes_earlier_and_is_warned_of_in_time() -> None:
    night = datetime(2026, 11, 20, 22, tzinfo=UTC)
    ticket = fresh(night, WORKING, reply_by=night + 24 * HOUR)
    assert ticket.due_at == night + 24 * HOUR
    assert ticket.ring_at == night + 18 * HOUR, "six hours before, whatever working hours say"
    warned, step = ring(ticket, night + 18 * HOUR, WORKING)
    assert (step, warned.rung) == (Step.WINDOW, Step.WINDOW)
    parked = waits(ticket, night + HOUR, WORKING)
    assert (parked.due_at, parked.ring_at) == (None, night + 18 * HOUR), "it closes on those who wait, too"
    short = fresh(night, WORKING, reply_by=night + 2 * HOUR)
    assert short.ring_at == night + HOUR
    assert answers(ticket, night + HOUR, WORKING).ring_at is None
    assert ring(ticket, night + 25 * HOUR, WORKING)[1] is Step.OVERDUE, "the window has closed"


def test_a_window_ends_with_the_answer_and_one_that_closes_later_is_warned_of_anew() -> None:
    day = timedelta(hours=24)
    ticket = fresh(MONDAY, RULES, reply_by=MONDAY + day)
    answered = after(ticket, tickets.answered(ticket, MONDAY + HOUR), MONDAY + HOUR, reply_by=MONDAY + day)
    assert answered.reply_by is None
    assert hears(answered, MONDAY + 4 * day).due_at == MONDAY + 4 * day + HOUR, "not the old window, long closed"
    warned, _ = ring(ticket, MONDAY + 19 * HOUR, RULES)
    heard = tickets.heard(warned, MONDAY + 20 * HOUR, item=2)
    again = after(warned, heard, MONDAY + 20 * HOUR, asked=True, reply_by=MONDAY + 44 * HOUR)
    assert ring(again, MONDAY + 38 * HOUR, RULES)[1] is Step.WINDOW


# --- what is said ----------------------------------------------------------------------------------------------------


def said(ticket: Ticket, minutes: list[float], rules: Rules = RULES) -> list[tuple[float, str]]:
    found = []
    for minute in minutes:
        ticket, step = ring(ticket, at(minute), rules)
        if step is not None:
            found.append((minute, str(step.name)))
    return found


def test_each_step_is_said_once_and_a_late_one_alone() -> None:
    assert said(TICKET, [0, 29, 30, 31, 59, 60, 61, 999]) == [(30, "REMINDED"), (60, "OVERDUE")]
    assert said(TICKET, [500, 501]) == [(500, "OVERDUE")], "whoever was away says the end, not the half"
    assert said(TICKET, [30, -500, 30, 31]) == [(30, "REMINDED")], "a clock that is set back repeats nothing"
    early = replace(RULES, remind=0.9)
    assert said(follow(TICKET, TICKET, T0, early), [30, 54], early) == [(54, "REMINDED")]


def test_a_new_wait_is_said_anew() -> None:
    told, _ = ring(TICKET, at(61), RULES)
    assert told.ring_at is None
    again = hears(answers(told, at(70)), at(100))
    assert again.ring_at == at(130)
    assert said(again, [130, 160]) == [(130, "REMINDED"), (160, "OVERDUE")]
    assert hears(told, at(70)).ring_at is None, "the same wait goes on"


def test_what_is_not_settled_in_time_is_said_once() -> None:
    ticket = answers(fresh(MONDAY, WORKING), MONDAY, WORKING)
    open_again = opens(ticket, MONDAY, WORKING)
    told, step = ring(open_again, MONDAY + timedelta(hours=32), WORKING)
    assert (step, told.ring_at) == (Step.UNRESOLVED, None)


acts = st.lists(st.tuples(st.sampled_from("wohacsrk"), st.integers(0, 3000)), max_size=14)


@settings(max_examples=80, deadline=None)
@given(acts)
def test_whatever_happens_the_clocks_agree_with_the_ticket(course: list[tuple[str, int]]) -> None:
    ticket, now, reference = fresh(MONDAY, WORKING), MONDAY, 0
    told: list[Step] = []
    for act, minutes in course:
        before, later = ticket, now + minutes * MINUTE
        if before.status is TicketStatus.OPEN:
            reference += int(OFFICE.between(now, later).total_seconds())
        now = later
        if act == "k":
            ticket, step = ring(ticket, now, WORKING)
            told += [step] if step else []
        elif act == "s":
            ticket = sorts(
                ticket, now, WORKING, kind=Kind.QUESTION if ticket.kind is Kind.COMPLAINT else Kind.COMPLAINT
            )
        else:
            ticket = {"w": waits, "o": opens, "h": hears, "a": answers, "c": closes, "r": opens}[act](
                ticket, now, WORKING
            )
        running = ticket.status is TicketStatus.OPEN
        assert (ticket.clock_since is not None) is running
        assert (ticket.due_at is not None) is (running and ticket.answer_target is not None)
        since = ticket.clock_since or now
        counted = ticket.resolve_spent + int(OFFICE.between(since, now).total_seconds())
        assert abs(counted - reference) <= len(course), "every open hour counts, and no other one"
        assert (ticket.first_spent is None) is (ticket.answered_at is None)
        if act == "h":
            told = []
        waits_told = [step for step in told if step is not Step.UNRESOLVED]
        assert len(set(waits_told)) == len(waits_told), "said twice"


# --- on call ---------------------------------------------------------------------------------------------------------


def test_turns_change_at_their_hour_on_the_local_clock() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    weekly = Rotation(people=("ana", "luis", "pia"), start=date(2026, 10, 19), at=time(9), tz=madrid)
    cases = [
        ((2026, 10, 19, 9, 0), "ana"),
        ((2026, 10, 26, 8, 59), "ana"),
        ((2026, 10, 26, 9, 0), "luis"),
        ((2026, 11, 2, 9, 0), "pia"),
        ((2026, 11, 9, 9, 0), "ana"),
        ((2026, 10, 19, 8, 59), "pia"),
    ]
    for when, who in cases:
        assert weekly.on_call(datetime(*when, tzinfo=madrid)) == who, when
    daily = replace(weekly, days=1)
    assert [daily.on_call(datetime(2028, 2, day, 12, tzinfo=madrid)) for day in (27, 28, 29)] == ["luis", "pia", "ana"]
    assert Rotation().on_call(T0) is None


def test_the_leads_are_called_where_nobody_takes_turns_or_who_should_has_left() -> None:
    everybody = PEOPLE.values()
    assert [one.id for one in called(Rotation(), everybody, T0)] == ["ana"]
    assert [one.id for one in called(Rotation(people=("luis",)), everybody, T0)] == ["luis"]
    assert [one.id for one in called(Rotation(people=("iris",)), everybody, T0)] == ["ana"]
