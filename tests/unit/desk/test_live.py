import asyncio
import json
from typing import Any

from sse_starlette.event import ServerSentEvent

from handlers.chats.desk.live import Hub


class Reader:
    """A page that listens."""

    def __init__(self, hub: Hub, person: str, last_id: str | None = None, life: float = 5.0) -> None:
        self.stream = hub.stream(person, last_id, life=life)

    async def next(self) -> tuple[str, Any, str]:
        event: ServerSentEvent = await asyncio.wait_for(anext(self.stream), 2)
        return str(event.event), json.loads(str(event.data)), str(event.id)

    async def ended(self) -> bool:
        return await asyncio.wait_for(anext(self.stream, None), 2) is None


async def test_a_page_is_greeted_and_then_gets_the_news() -> None:
    hub = Hub()
    page = Reader(hub, "ana")
    assert (await page.next())[:2] == ("hello", {})
    hub.publish("ticket", {"ticket": "K7Q2", "version": 3})
    assert (await page.next())[:2] == ("ticket", {"ticket": "K7Q2", "version": 3})
    await page.stream.aclose()


async def test_what_is_for_one_person_reaches_no_other_page() -> None:
    hub = Hub()
    ana, luis = Reader(hub, "ana"), Reader(hub, "luis")
    await ana.next()
    await luis.next()
    hub.publish("tell", {"text": "for Ana"}, person="ana")
    hub.publish("ticket", {"ticket": "K7Q2"})
    assert (await ana.next())[0] == "tell"
    assert (await luis.next())[0] == "ticket"
    await ana.stream.aclose()
    await luis.stream.aclose()


async def test_a_page_that_comes_back_hears_what_was_said_meanwhile() -> None:
    hub = Hub()
    first = Reader(hub, "ana")
    await first.next()
    hub.publish("say", {"text": "heard"})
    last_id = (await first.next())[2]
    await first.stream.aclose()
    hub.publish("say", {"text": "missed"})
    hub.publish("ticket", {"ticket": "K7Q2"})
    again = Reader(hub, "ana", last_id)
    assert (await again.next())[0] == "hello"
    assert (await again.next())[1] == {"text": "missed"}
    hub.publish("ticket", {"ticket": "new"})
    assert (await again.next())[1] == {"ticket": "new"}
    await again.stream.aclose()


async def test_what_is_said_between_the_making_of_a_page_and_its_connection_is_heard() -> None:
    hub = Hub()
    hub.publish("say", {"text": "before the page"})
    since = hub.position()
    hub.publish("say", {"text": "in between"})
    page = Reader(hub, "ana", since)
    await page.next()
    assert (await page.next())[1] == {"text": "in between"}
    await page.stream.aclose()


async def test_an_id_of_another_process_or_nonsense_replays_nothing() -> None:
    hub = Hub()
    hub.publish("say", {"text": "old"})
    for last_id in ("deadbeef-0", "-1", "x", "deadbeef-" + "9" * 5000):
        page = Reader(hub, "ana", last_id)
        assert (await page.next())[0] == "hello"
        hub.publish("ticket", {"ticket": "K7Q2"})
        assert (await page.next())[0] == "ticket"
        await page.stream.aclose()


async def test_a_slow_page_starts_over_and_holds_up_nobody() -> None:
    hub = Hub()
    page = Reader(hub, "ana")
    await page.next()
    for number in range(150):
        hub.publish("ticket", {"ticket": str(number)})
    assert (await page.next())[0] == "hello"
    await page.stream.aclose()


async def test_a_stream_ends_after_its_time_so_that_the_session_is_looked_at_again() -> None:
    page = Reader(Hub(), "ana", life=0.01)
    await page.next()
    assert await page.ended()


async def test_every_stream_ends_when_the_desk_closes() -> None:
    hub = Hub()
    page = Reader(hub, "ana")
    await page.next()
    hub.publish("ticket", {"ticket": "K7Q2"})
    hub.close()
    assert await page.ended()
    late = Reader(hub, "ana")
    await late.next()
    assert await late.ended()


async def test_a_page_that_is_gone_is_forgotten() -> None:
    hub = Hub()
    page = Reader(hub, "ana")
    await page.next()
    assert len(hub._open) == 1
    await page.stream.aclose()
    assert not hub._open


async def test_what_is_made_for_a_reader_comes_in_the_language_of_each_page_now_and_later() -> None:
    hub = Hub()
    start = hub.position()
    pages = {locale: hub.stream("ana", locale=locale) for locale in ("es", "en")}
    for page in pages.values():
        await anext(page)
    hub.publish("say", lambda locale: {"text": f"said in {locale}"})
    pages["late"] = hub.stream("ana", start, locale="es")
    await anext(pages["late"])
    heard = {name: json.loads(str((await asyncio.wait_for(anext(page), 2)).data)) for name, page in pages.items()}
    assert heard == {"es": {"text": "said in es"}, "en": {"text": "said in en"}, "late": {"text": "said in es"}}
    for page in pages.values():
        await page.aclose()


async def test_a_page_that_ends_as_news_come_ends_and_loses_none() -> None:
    hub = Hub()
    page = Reader(hub, "ana")
    await page.next()
    listening = asyncio.create_task(anext(page.stream))
    await asyncio.sleep(0.01)
    [subscription] = hub._open
    hub.publish("ticket", {"ticket": "K7Q2"})
    listening.cancel()
    await asyncio.wait([listening])
    assert listening.cancelled()
    left = subscription.queue.get_nowait()
    assert left is not None
    assert left.data == {"ticket": "K7Q2"}
    await page.stream.aclose()
