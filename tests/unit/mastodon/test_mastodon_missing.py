"""A status that is not found once is not called gone: only what the instance names, or what stays missing."""

import asyncio

from bot.core.messages import ItemRemoved
from tests.contract.network_side import listening
from tests.unit.mastodon.conftest import Open


async def test_what_is_missing_for_a_moment_is_not_gone_and_what_stays_missing_is(open_side: Open) -> None:
    side = await open_side(recheck_seconds=0.2)
    async with listening(side.network) as intake:
        native = await side.comment("The soup was cold.")
        await intake.until(lambda had: had.items, seconds=20)
        status, path = side.instance.statuses.pop(native), f"/api/v1/statuses/{native}"
        asked = side.instance.requests.count(("GET", path))
        async with asyncio.timeout(20):
            while side.instance.requests.count(("GET", path)) == asked:  # noqa: ASYNC110 -- the fake tells nobody
                await asyncio.sleep(0.01)
        side.instance.statuses[native] = status
        other = await side.comment("And the bread was stale.")
        await intake.until(lambda had: any(item.native_id == other for item in had.items), seconds=20)
        await asyncio.sleep(1.2)
        assert not any(isinstance(event, ItemRemoved) for event in intake.events)
        side.instance.withdraw(native)
        await intake.until(lambda had: any(isinstance(event, ItemRemoved) for event in had.events), seconds=20)
    assert [event.native_id for event in intake.events if isinstance(event, ItemRemoved)] == [native]
