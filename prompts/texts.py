"""Everything that drafters are told, in one piece: prompt files, templates, and what the team has written down."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from prompts import Prompts
from prompts.knowledge import Knowledge
from prompts.rendering import Templates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Texts:
    """Read and checked once. Ours are known to be right, so templates are parsed at once only where a team has its own.

    Args:
        folder: the team's; None for none.
        networks: ids and types of networks that files may name.

    Raises:
        PromptError: with file and line.
    """

    def __init__(self, folder: Path | None = None, networks: Iterable[str] = ()) -> None:
        self.folder = folder
        self.prompts = Prompts(folder)
        self.knowledge = Knowledge(folder, networks)
        if folder is not None:
            self.templates  # noqa: B018 -- parsed, so that a mistake is told now

    @cached_property
    def templates(self) -> Templates:
        """The templates of a model's instructions."""
        return Templates(self.prompts)
