"""However hostile the traffic, the number of series stays what configuration and closed lists make it."""

import time

from bot.core.messages import Approve, Done
from bot.engine.observing import Taken
from bot.reports.following import News
from bot.reports.instruments import VERBS
from bot.reports.labels import OTHER, SOURCES, FirstFew
from tests.reports.conftest import Watched, value

MANY = 10_000


async def test_ten_thousand_authors_texts_and_verbs_make_no_more_series(watched: Watched) -> None:
    await watched.answer()
    before = set(await watched.scrape())
    watch, totals = watched.metrics.watch, watched.metrics._totals
    for n in range(MANY):
        odd = f'x{n}\n\u202e"{"y" * 50}'
        watch.took_in([Taken(odd, 1, 0.1)], 0.1)
        watch.wished(type(f"Verb{n}", (Approve,), {})(by=odd, via=odd, ticket=odd), Done(code=odd), 0.1)
        watch.showed(odd, odd, 0.1, 0.1)
        watch.called(odd, odd, odd, 0.1)
        watch.drafted(f"model-{n}:{odd}", 0.001)
        watch.put_off(odd)
        watch.restarts(f"network:{odd}")
    odd_rows = [(f"odd{n}", f"odd{n}", 1) for n in range(MANY)]
    one = [(f"odd{n}", 1) for n in range(MANY)]
    times = [(f"odd{n}", f"odd{n}", 1.0, True) for n in range(MANY)]
    totals.add(
        News(
            facts=one,
            comments=one,
            decisions=odd_rows,
            publications=odd_rows,
            answers=times,
            replies=[(name, 1.0) for name, _ in one],
        )
    )
    seen = await watched.scrape()
    buckets = 16
    # One `other` for each labelled instrument, and a few drafters.
    assert len(set(seen) - before) < (SOURCES + 6) * buckets
    assert len(seen) < 1500
    assert value(seen, "comments_total", account=OTHER) == MANY
    assert value(seen, "decisions_total", verdict=OTHER, via=OTHER) == MANY
    assert all(len(text) < 100 and text.isprintable() for _, labels in seen for _, text in labels)


async def test_hostile_comments_leave_no_word_of_theirs_in_the_metrics(watched: Watched) -> None:
    for n in range(30):
        await watched.world.arrive(watched.network.write(f"evil{n}", f'evilword "}} {n}', who=f"evilperson{n}"))
    text, _ = await watched.metrics.scrape("")
    assert b"evil" not in text


def test_every_wish_that_there_is_has_a_name_in_the_list() -> None:
    assert {"approve", "setseverity", "pause", "mute"} <= VERBS


def test_the_first_few_names_are_told_apart_and_later_ones_are_not() -> None:
    few = FirstFew(2, given=("a",))
    assert [few.known(name) for name in ("a", "b", "c", "b", "d")] == ["a", "b", OTHER, "b", OTHER]


async def test_watching_costs_a_comment_a_few_millionths_of_a_second(watched: Watched) -> None:
    """Taking a comment in costs about a millisecond; this bound is generous for a crowded machine."""
    watch, rounds = watched.metrics.watch, 2000
    best = min(_costs(watch, rounds) for _ in range(5))
    assert best < 50e-6


def _costs(watch: object, rounds: int) -> float:
    """Seconds for one comment alone in its batch, which is the dearest."""
    parcel = [Taken("wall", 1, 0.01)]
    began = time.perf_counter()
    for _ in range(rounds):
        watch.drafted("offline:complaint.es#3", 0.0003)  # type: ignore[attr-defined]
        watch.took_in(parcel, 0.01)  # type: ignore[attr-defined]
    return (time.perf_counter() - began) / rounds
