"""The network contract's odd texts at once, for servers that are slow to begin each test anew."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest

from bot.core.types import Item
from tests.contract.hostile import HOSTILE
from tests.contract.network_outgoing import tried
from tests.contract.network_side import Side, answer, listening


class OddTextsAtOnce:
    """Stands before the contract among the bases. `untakeable` names what the server itself cannot store."""

    untakeable: ClassVar[frozenset[str]] = frozenset()

    @pytest.mark.parametrize("name", ["all"])
    async def test_a_hostile_text_comes_in_as_everybody_reads_it(self, side: Side, name: str) -> None:
        texts = {key: text for key, text in HOSTILE.items() if key not in self.untakeable}
        written = {await side.comment(text, author=f"eve {text}"[:70]): text for text in texts.values()}
        async with listening(side.network) as intake:
            await intake.until(lambda had: len(had.items) >= len(written))
        assert {item.native_id: item.text for item in intake.items} == {
            native: await side.said(native) for native in written
        }
        for item in intake.items:
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", item.text + item.author.name)
            assert "\n" not in item.author.name
            plain = re.sub(r"[^ -~]", "", written[item.native_id])
            assert plain in re.sub(r"[^ -~]", "", item.text)

    @pytest.mark.parametrize("name", ["all"])
    async def test_an_odd_text_stands_exactly_or_is_refused(self, side: Side, target: Item, name: str) -> None:
        for key, text in HOSTILE.items():
            before = await side.replies(target.native_id)
            result = await tried(side, answer(target, text, key))
            standing = (await side.replies(target.native_id))[len(before) :]
            assert (type(result).__name__, standing) in [("Posted", [text]), ("Rejected", [])], key
