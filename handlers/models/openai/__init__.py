"""Drafts by a model behind an endpoint that speaks OpenAI's chat completions: hosted, or on a machine of one's own.

The package `openai` is loaded with the first call, so that commands which ask nobody do not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings.secrets import DRAFTER
from handlers.models.openai.drafter import OpenAIDrafter
from handlers.models.openai.wire import Wire

if TYPE_CHECKING:
    from bot.settings.entries import DrafterEntry
    from prompts import Prompts


def create(chosen: DrafterEntry, *, key: str, prompts: Prompts) -> OpenAIDrafter:
    """A drafter as configured. Raises PromptError where a template cannot be used. Nothing is asked yet."""
    return OpenAIDrafter(DRAFTER, chosen, Wire(chosen, key), prompts)
