"""The page of a digest: each day, its charts, the way to other days; and what the room is told of it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.queries import Digest
from bot.reports.digest import compose
from tests.contract.desk_side import DeskSide, Page
from tests.reports.test_digest import BUSY, HOSTILE

LUIS = "luis"


async def test_a_day_has_a_page_with_its_charts_and_its_neighbours(desk: DeskSide) -> None:
    ticket = desk.world.comment(HOSTILE)
    desk.world.clock.forward(days=1)
    html = (await (await desk.browser(LUIS)).get("/desk/digest")).text
    page = Page(html)
    assert "Digest of" in page.text
    assert "One comment came in." in page.text
    assert "\u202e" not in page.text
    today, before = desk.world.clock().date(), desk.world.clock().date() - timedelta(days=1)
    assert f'href="/desk/t/{ticket}"' in html
    assert f'href="/desk/digest/{today}"' in html
    assert 'href="javascript' not in html
    # Drawn where it stands, in the page's own colours, light or dark.
    charts = re.findall(r'<svg class="chart" role="img" aria-label="([^"]+)"', html)
    assert [alt.partition(",")[0].partition(":")[0] for alt in charts] == ["What came", "Time to the first answer"]
    assert re.search(r'class="fill-bad"', html)
    assert re.search(r'fill="#|<img', html) is None
    week = await (await desk.browser(LUIS)).get(f"/desk/digest/{before}?days=7")
    assert f'href="/desk/digest/{before - timedelta(days=7)}?days=7"' in week.text


@pytest.mark.parametrize("place", ["nonsense", "9999-12-31", "0001-01-01", "2026-02-30"])
async def test_what_is_no_day_has_no_page(desk: DeskSide, place: str) -> None:
    assert (await (await desk.browser(LUIS)).get(f"/desk/digest/{place}")).status_code == 404


async def test_before_the_first_digest_its_page_says_when_one_comes(
    desk: DeskSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_query: Digest, *, locale: str) -> None:  # as the reader answers while the record begins today
        assert locale in {"es", "en"}

    monkeypatch.setattr(desk.world, "digest", nothing)
    for person, said in ((LUIS, "There is no digest yet."), ("ana", "Todavía no hay ningún resumen.")):
        answer = await (await desk.browser(person)).get("/desk/digest")
        assert answer.status_code == 200
        assert said in answer.text
        assert "<code>digest.at</code>" in answer.text
        assert "Nothing is on record" not in answer.text
        assert f"/desk/digest/{desk.world.clock().date() - timedelta(days=2)}" not in answer.text
        assert (await (await desk.browser(person)).get("/desk/digest/2026-11-01")).status_code == 404


async def test_a_day_to_come_says_that_nothing_is_on_record(desk: DeskSide) -> None:
    answer = await (await desk.browser(LUIS)).get("/desk/digest/2099-01-01")
    assert answer.status_code == 404
    assert "Nothing is on record for that day." in answer.text


async def test_the_room_is_told_where_it_stands_and_keeps_no_foreign_words(desk: DeskSide) -> None:
    digest = replace(compose(BUSY, "en"), key="digest:desk:2026-11-21")
    for _ in range(2):
        await desk.chat.say(desk.room, digest)
    said = "".join(await desk.room_texts())
    assert said.count("The digest of Nov 20, 2026 is there: 42 came in.") == 1
    html = (await (await desk.browser(LUIS)).get("/desk")).text
    assert 'href="/desk/digest/2026-11-20"' in html
    assert "The lid was broken" not in html + said
