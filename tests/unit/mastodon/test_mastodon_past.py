"""Reading back what an instance has from before the bot began to listen."""

from datetime import UTC, datetime, timedelta

from tests.contract.network_side import RecordingIntake, listening
from tests.unit.mastodon.conftest import Open


async def test_what_came_since_a_moment_is_read_back_in_order_and_the_rest_is_not(open_side: Open) -> None:
    side = await open_side(first_hours=12)
    days = [5, 2, 1]
    natives = [await side.comment(f"{day} days ago") for day in days]
    for native, day in zip(natives, days, strict=True):
        side.instance.statuses[native].created_at = datetime.now(UTC) - timedelta(days=day)
    async with listening(side.network) as intake:
        now = await side.comment("now")
        await intake.until(lambda had: had.items)
    assert [item.native_id for item in intake.items] == [now]
    past = RecordingIntake()
    await side.network.backfill(past, datetime.now(UTC) - timedelta(days=3))
    assert [item.native_id for item in past.items] == [*natives[1:], now]
