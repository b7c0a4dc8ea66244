"""What Slack refuses in blocks and views, as documented: docs.slack.dev/reference/block-kit and /reference/views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]
MESSAGE, VIEW = 50, 100
KNOWN = {"header", "section", "context", "actions", "rich_text", "input", "divider", "image"}
IN_MESSAGES = KNOWN - {"input"}


def problems(blocks: Any, *, view: bool = False) -> list[str]:
    """Everything that is wrong; empty when Slack would take it."""
    if not isinstance(blocks, list):
        return ["blocks is no list"]
    found = [] if len(blocks) <= (VIEW if view else MESSAGE) else [f"{len(blocks)} blocks"]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    found += [] if len(ids) == len(set(ids)) else ["block_id is not unique"]
    for number, block in enumerate(blocks):
        allowed = KNOWN if view else IN_MESSAGES
        if not isinstance(block, dict) or block.get("type") not in allowed:
            found.append(f"{number}: no such block: {block!r:.60}")
            continue
        found += [f"{number} {block['type']}: {problem}" for problem in _CHECKS[block["type"]](block)]
    return found


def view_problems(view: Any) -> list[str]:
    """The same for a modal or a home."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["type is neither modal nor home"]
    found = problems(view.get("blocks"), view=True)
    if view["type"] == "modal":
        found += [f"title: {problem}" for problem in _text(view.get("title"), 24, plain=True)]
        for part in ("submit", "close"):
            found += [f"{part}: {problem}" for problem in _text(view[part], 24, plain=True)] if part in view else []
        inputs = any(block.get("type") == "input" for block in view.get("blocks") or [])
        found += ["submit is missing"] if inputs and "submit" not in view else []
    found += ["private_metadata is too long"] if len(view.get("private_metadata", "")) > 3000 else []
    found += ["callback_id is too long"] if len(view.get("callback_id", "")) > 255 else []
    return found


def size(text: str) -> int:
    """UTF-16 units, the strictest reading of `characters`."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text(value: Any, limit: int, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in ("plain_text", *(() if plain else ("mrkdwn",))):
        yield f"no text object: {value!r:.60}"
    elif not isinstance(value.get("text"), str) or not value["text"]:
        yield "the text is empty"
    elif size(value["text"]) > limit:
        yield f"{size(value['text'])} of {limit} characters"


def _section(block: Block) -> Iterator[str]:
    yield from _text(block.get("text"), 3000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _context(block: Block) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield f"{len(elements)} elements"
    for element in elements:
        yield from _text(element, 2000)


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements"
    ids = [element.get("action_id") for element in elements]
    if len(ids) != len(set(ids)):
        yield "action_id is not unique"
    for element in elements:
        yield from _element(element)


def _element(element: Block) -> Iterator[str]:
    check = _ELEMENTS.get(str(element.get("type")))
    if check is None:
        yield f"no such element: {element.get('type')}"
    else:
        yield from check(element)
    if not 1 <= len(element.get("action_id", "")) <= 255:
        yield "action_id is missing or too long"


def _button(element: Block) -> Iterator[str]:
    yield from _text(element.get("text"), 75, plain=True)
    if len(element.get("value", "")) > 2000:
        yield "value is too long"
    if element.get("style") not in (None, "primary", "danger"):
        yield "no such style"


def _select(element: Block) -> Iterator[str]:
    options = element.get("options") or []
    if not 1 <= len(options) <= 100:
        yield f"{len(options)} options"
    for option in options:
        yield from _text(option.get("text"), 75, plain=True)
        if not 1 <= len(option.get("value", "")) <= 150:
            yield "an option's value is too long or empty"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, plain=True)


def _field(element: Block) -> Iterator[str]:
    if element.get("max_length", 1) > 3000:
        yield "max_length is more than 3000"
    if size(element.get("initial_value", "")) > element.get("max_length", 3000):
        yield "initial_value is too long"
    if "initial_value" in element and not element["initial_value"]:
        yield "initial_value is empty"


_ELEMENTS: dict[str, Any] = {"button": _button, "static_select": _select, "plain_text_input": _field}


def _input(block: Block) -> Iterator[str]:
    yield from _text(block.get("label"), 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], 2000, plain=True)
    yield from _element(block.get("element") or {})


def _image(block: Block) -> Iterator[str]:
    if not str(block.get("image_url")).startswith("https://") or size(block["image_url"]) > 3000:
        yield f"no such address: {block.get('image_url')!r:.60}"
    if not block.get("alt_text") or size(block["alt_text"]) > 2000:
        yield "alt_text is missing or too long"


def _rich(block: Block) -> Iterator[str]:
    """Lengths are not documented; ours hold those of a section."""
    total = 0
    for part in block.get("elements") or []:
        if part.get("type") not in ("rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"):
            yield f"no such part: {part.get('type')}"
        # The lines of a list are sections of their own.
        lines = (part.get("elements") or []) if part.get("type") == "rich_text_list" else [part]
        if any(line.get("type") != "rich_text_section" for line in lines if line is not part):
            yield "a list of something else than sections"
        for element in (element for line in lines for element in line.get("elements") or []):
            if element.get("type") not in (
                "text",
                "link",
                "emoji",
                "user",
                "broadcast",
                "channel",
                "usergroup",
                "date",
            ):
                yield f"no such element: {element.get('type')}"
            if element.get("type") in ("text", "link") and not element.get("text"):
                yield "the text is empty"
            total += size(element.get("text") or "")
    if total > 3000:
        yield f"{total} of 3000 characters"


_CHECKS: dict[str, Any] = {
    "header": lambda block: _text(block.get("text"), 150, plain=True),
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich,
    "input": _input,
    "divider": lambda block: iter(()),
    "image": _image,
}
