"""Block Kit in pieces that Slack takes: every builder holds the documented limits, whatever it is given.

Limits (docs.slack.dev/reference/block-kit): 50 blocks in a message, 100 in a view; 3,000 characters in a section, 150
in a header, 75 on a button; ten elements in a context, 25 in actions. Lengths are counted as UTF-16 units, which are
never fewer than characters. Foreign text goes into `plain_text` and `rich_text` elements, where nothing is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.core.foreign import in_code, safe_url, visible
from bot.core.splitting import fold, split

Block = dict[str, Any]

SECTION = 2900
HEADER = 150
BUTTON = 75
CONTEXT = 1900
ELEMENTS = 10
ACTIONS = 25
OPTIONS = 100
FALLBACK = 2900
URL = 2000
ALT = 1900
LISTED = 130
"""Characters of a line in a list, so that twenty of them hold what a section may."""
_NOTHING = "–"


def escape(text: str) -> str:
    """Text for a field where Slack reads markup: the three characters that begin any of it become entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(text: str, limit: int) -> str:
    """At most `limit` long, on one line, with an ellipsis where something is left out."""
    line = " ".join(text[: limit * 4].split())
    head, left = fold(line, limit)
    whole = not left and len(text) <= limit * 4
    return head if whole else f"{fold(line, limit - 1)[0].rstrip()}…"


def fallback(text: str) -> str:
    """What notifications and screen readers get; Slack reads markup in it."""
    head, _ = fold(visible(text), FALLBACK // 5)
    return escape(head) or _NOTHING


def plain(text: str, limit: int) -> Block:
    """A text in which nothing is markup, on one line."""
    return {"type": "plain_text", "text": short(visible(text), limit) or _NOTHING, "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str) -> Block:
    """A line of ours."""
    return {"type": "section", "text": plain(text, SECTION)}


def sections(text: str) -> list[Block]:
    """A whole text, line ends and all, in as many sections as it needs."""
    return [
        {"type": "section", "text": {"type": "plain_text", "text": piece, "emoji": False}}
        for piece in split(visible(text), SECTION)
        if piece.strip()
    ] or [section("")]


def calling(users: Sequence[str], groups: Sequence[str]) -> str:
    """Mentions in a field where Slack reads markup: of members and of user groups, by their ids."""
    return "".join([*(f"<@{user}> " for user in users), *(f"<!subteam^{group}> " for group in groups)])


def mentions(users: Sequence[str], groups: Sequence[str]) -> list[Block]:
    """A line that calls them; nothing where nobody is called."""
    called: list[Block] = [{"type": "user", "user_id": user} for user in users]
    called += [{"type": "usergroup", "usergroup_id": group} for group in groups]
    spaced = [part for one in called for part in (one, _text(" "))][:-1]
    return [_rich([{"type": "rich_text_section", "elements": spaced}])] if called else []


def quote(text: str) -> Block:
    """Somebody else's words, set apart; the caller folds them."""
    return _rich([{"type": "rich_text_quote", "elements": [_text(visible(text))]}])


def words(text: str) -> list[Block]:
    """Sentences of ours with foreign values in them; what stands between backticks is shown as something to type."""
    made = []
    for piece in split(visible(text), SECTION):
        elements = [_text(part, code=code) for part, code in in_code(piece)]
        made.append(_rich([{"type": "rich_text_section", "elements": elements or [_text("")]}]))
    return made or [section("")]


def monospace(text: str) -> Block:
    """Letters of one width; the caller folds them and makes them visible."""
    return _rich([{"type": "rich_text_preformatted", "elements": [_text(text)]}])


def link(url: str | None, label: str) -> Block | None:
    """A link to the web, or None where the address is none that anybody should be sent to."""
    return links([(url, label)])


def links(wanted: Iterable[tuple[str | None, str]]) -> Block | None:
    """Links in one line, without addresses that nobody should be sent to; None where none is left."""
    elements: list[Block] = []
    for url, label in wanted:
        address = safe_url(url)
        if address is None or len(address) > URL:
            continue
        elements += [_text(" · ")] if elements else []
        elements.append({"type": "link", "url": address, "text": short(visible(label), BUTTON) or _NOTHING})
    return _rich([{"type": "rich_text_section", "elements": elements}]) if elements else None


def listed(rows: Iterable[tuple[str, str | None]]) -> list[Block]:
    """Lines of (what it is, where it leads); an address that nobody should be sent to leaves the words alone."""
    made = []
    for label, url in rows:
        words = short(visible(label), LISTED) or _NOTHING
        address = safe_url(url)
        safe = address is not None and len(address) <= URL
        line = {"type": "link", "url": address, "text": words} if safe else {"type": "text", "text": words}
        made.append({"type": "rich_text_section", "elements": [line]})
    return [_rich(made)] if made else []


def image(url: str, alt: str) -> Block:
    """A picture that Slack fetches and shows; the caller sees to it that the address is a public one."""
    return {"type": "image", "image_url": url, "alt_text": short(visible(alt), ALT) or _NOTHING}


def context(parts: Iterable[str | Block]) -> list[Block]:
    """Small print: strings are plain text; ten to a block."""
    elements = [plain(part, CONTEXT) if isinstance(part, str) else part for part in parts if part]
    return [
        {"type": "context", "elements": elements[start : start + ELEMENTS]}
        for start in range(0, len(elements), ELEMENTS)
    ]


def moment(at: datetime, said: str, *, before: str = "") -> Block:
    """A time that everybody sees in their own zone; `said` is for where that cannot be. Both texts are our own."""
    date = f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time_secs}}|{escape(said)}>"
    return {"type": "mrkdwn", "text": f"{escape(before)} {date}".strip()}


def button(label: str, action: str, value: str, *, style: str | None = None) -> Block:
    made = {"type": "button", "text": _emoji(label, BUTTON), "action_id": action, "value": value}
    return {**made, "style": style} if style else made


def select(placeholder: str, action: str, options: Sequence[tuple[str, str]]) -> Block:
    """A menu of (label, value)."""
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": _emoji(placeholder, HEADER),
        "options": [choice(label, value) for label, value in options[:OPTIONS]],
    }


def choice(label: str, value: str) -> Block:
    return {"text": _emoji(label, BUTTON), "value": value}


def actions(elements: Sequence[Block]) -> list[Block]:
    """A row of buttons; no block where there are none."""
    return [{"type": "actions", "elements": list(elements[:ACTIONS])}] if elements else []


def input_block(id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    made = {
        "type": "input",
        "block_id": id,
        "label": _emoji(label, HEADER),
        "element": {**element, "action_id": id},
        "optional": optional,
    }
    return {**made, "hint": plain(hint, HEADER)} if hint else made


def _emoji(text: str, limit: int) -> Block:
    """A label of ours; its pictures are characters, so that names like `:smile:` in it stay as they are."""
    return plain(text, limit)


def _text(text: str, *, code: bool = False) -> Block:
    made: Block = {"type": "text", "text": text or _NOTHING}
    return {**made, "style": {"code": True}} if code else made


def _rich(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": elements}
