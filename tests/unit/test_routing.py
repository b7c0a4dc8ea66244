"""Which rooms show a ticket."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.routing import Route, rooms_for
from bot.core.types import Kind, Severity

ROOMS = ("main", "care", "night")


def where(routes: list[Route], rooms: tuple[str, ...] = ROOMS, **given: Any) -> tuple[str, ...]:
    facts: dict[str, Any] = {
        "account": "shop",
        "network_type": "mastodon",
        "kind": Kind.COMPLAINT,
        "severity": Severity.NORMAL,
        "language": "es",
        **given,
    }
    return rooms_for(routes, rooms, **facts)


def test_without_routes_every_room_shows_everything() -> None:
    assert where([]) == ROOMS


def test_the_first_route_that_matches_wins() -> None:
    routes = [Route(room="care", kind=Kind.COMPLAINT), Route(room="night")]
    assert where(routes) == ("care",)
    assert where(routes, kind=Kind.PRAISE) == ("night",)


def test_a_route_may_name_rooms_that_show_it_too() -> None:
    assert where([Route(room="care", also=("night", "gone", "care"))]) == ("care", "night")


def test_what_no_route_wants_goes_to_the_first_room() -> None:
    assert where([Route(room="care", language="en")]) == ("main",)


@pytest.mark.parametrize(
    ("route", "other"),
    [
        (Route(room="care", network="mastodon"), {"network_type": "wall"}),
        (Route(room="care", account="shop"), {"account": "press"}),
        (Route(room="care", kind=Kind.COMPLAINT), {"kind": Kind.SPAM}),
        (Route(room="care", min_severity=Severity.NORMAL), {"severity": Severity.LOW}),
        (Route(room="care", language="es"), {"language": "en"}),
        (Route(room="care", language="es"), {"language": None}),
    ],
)
def test_each_condition_counts(route: Route, other: dict[str, Any]) -> None:
    assert where([route]) == ("care",)
    assert where([route], **other) == ("main",)


def test_a_severity_above_the_least_one_matches_too() -> None:
    assert where([Route(room="care", min_severity=Severity.HIGH)], severity=Severity.CRITICAL) == ("care",)


def test_all_conditions_must_hold() -> None:
    assert where([Route(room="care", account="shop", language="en")]) == ("main",)


def test_a_route_to_a_room_that_is_gone_is_passed_over() -> None:
    assert where([Route(room="gone"), Route(room="care")]) == ("care",)


def test_without_rooms_nothing_is_shown() -> None:
    assert where([Route(room="care")], rooms=()) == ()
