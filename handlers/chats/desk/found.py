"""A search: what it found, and why it found nothing."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.core.queries import Misunderstood
from bot.core.search import MAX_SEARCH, SearchPage
from bot.locale import explain
from handlers.chats.desk.door import Visit

_LONGEST_MARK = 200


async def search(visit: Visit) -> dict[str, object]:
    """What the list shows for the search in the address: hits, the way to more of them, or what was not understood."""
    query = visit.request.query_params
    words = query.get("q", "").strip()
    if not words:
        return {"words": "", "page": SearchPage(), "problem": "", "more": "", "again": False}
    after = query.get("after", "")[:_LONGEST_MARK] or None
    answer = await visit.engine.read.search(words[: MAX_SEARCH + 1], after=after)
    if isinstance(answer, Misunderstood):
        problem = explain(visit.person.locale, answer)
        return {"words": words, "page": SearchPage(), "problem": problem, "more": "", "again": False}
    more = f"/desk/search?{urlencode({'q': words, 'after': answer.next})}" if answer.next else ""
    return {"words": words, "page": answer, "problem": "", "more": more, "again": after is not None}
