"""What lies folded away and what the press wrote, answered in words: for chats without pages of their own."""

from datetime import timedelta

from bot.core import queries as q
from bot.core.press import Headline
from bot.locale.answering import answer
from tests.contract.chat_world import World


async def test_noise_is_listed_with_the_ids_to_type() -> None:
    world = World()
    luis = world.team["luis"]
    nothing = await answer(q.Noise(), luis, world, world.clock())
    assert (nothing.text, nothing.lines) == ("No noise lies folded away.", ())
    roll = world.noise("❤️\u202e", author="Marta")
    world.noise("🎉", author="Eva")
    found = await answer(q.Noise(account="wall"), luis, world, world.clock())
    first, second = world.card_now(roll).folded
    assert found.lines == (
        f"🔕 `{roll}` wall: 2 comments folded away",
        f"· `{first.ticket}` Marta: ❤️⟨U+202E⟩",
        f"· `{second.ticket}` Eva: 🎉",
    )
    assert "reopen ID" in found.text
    stranger = await answer(q.Noise(account="wal"), luis, world, world.clock())
    assert (stranger.text, stranger.lines) == (
        "There is no account `wal`. There are: wall. Did you mean `wall`?",
        (),
    )


async def test_headlines_are_read_out_in_everybodys_language() -> None:
    world = World()
    now = world.clock()
    luis = world.team["luis"]
    nothing = await answer(q.Press(), luis, world, now)
    assert nothing.text == "The press has written nothing that we know of."
    at = now - timedelta(hours=3)
    world.headlines.append(Headline(title="Bread wins", url="https://a.example/1", source="a.example", at=at))
    found = await answer(q.Press(days=1), luis, world, now)
    assert found.whole == "The press wrote in the last day:\nBread wins · a.example · 3 hours ago\nhttps://a.example/1"
