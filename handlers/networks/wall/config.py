"""What can be set about the wall."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

TAKEN = frozenset({"desk", "docs", "hooks", "metrics", "healthz", "readyz", "slack", "discord", "telegram"})
"""First parts of paths that are somebody else's."""

Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", max_length=200)]


class Config(BaseModel):
    """One wall. Everything has a default: it is there when nothing is configured.

    `base_url` is where the public reaches the server (`https://example.org`); without it links name the host
    and port that the server listens on. `path` is where the wall stands there. `brand` is the name on it, else the
    brand's of the settings; `heading` and `welcome` replace the page's own first words; `accent` is the one colour,
    `theme` forces light or dark. `embed_on` lists the sites that may show the wall in a frame. `rate_per_minute` is
    how often one peer may write; peers on this machine are not limited. `sample` makes it a wall of invented
    comments, and says so. `faults` lets tests and demonstrations make the wall misbehave, and only then may
    `idempotency` be declared to be something else than it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="wall", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["wall"] = "wall"
    base_url: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+$")
    path: str = Field(default="/wall", pattern=r"^/[a-z0-9][a-z0-9-]{0,39}$")
    brand: str | None = Field(default=None, min_length=1, max_length=80)
    heading: str | None = Field(default=None, min_length=1, max_length=120)
    welcome: str | None = Field(default=None, min_length=1, max_length=600)
    accent: str = Field(default="#b5341d", pattern=r"^#[0-9a-fA-F]{6}$")
    theme: Literal["auto", "light", "dark"] = "auto"
    embed_on: tuple[Origin, ...] = Field(default=(), max_length=20)
    max_length: int = Field(default=5_000, ge=1, le=5_000)
    rate_per_minute: int = Field(default=20, ge=1, le=10_000)
    timeout: float = Field(default=10.0, gt=0, le=120)
    sample: bool = False
    faults: bool = False
    idempotency: Literal["client_id", "lookup", "none"] = "client_id"

    @property
    def name(self) -> str:
        """The brand's name as it stands on the wall."""
        return self.brand or "Portavoz"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.idempotency != "client_id" and not self.faults:
            raise ValueError("idempotency can only be changed together with faults = true")
        if self.id == "portavoz":
            raise ValueError("the id portavoz would name the bot's own database file")
        if self.path.removeprefix("/") in TAKEN:
            raise ValueError(f"the path {self.path} is taken by another part of Portavoz")
        return self
