"""What can be set about the wall."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Config(BaseModel):
    """One wall. Everything has a default: it is there when nothing is configured.

    `base_url` is where the public reaches the server (`https://example.org`); without it links name the host
    and port that the server listens on. `rate_per_minute` is how often one peer may write; peers on this
    machine are not limited. `faults` lets tests and demonstrations make the wall misbehave, and only then may
    `idempotency` be declared to be something else than it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="wall", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["wall"] = "wall"
    base_url: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+$")
    brand: str = Field(default="Portavoz", min_length=1, max_length=80)
    max_length: int = Field(default=5_000, ge=1, le=5_000)
    rate_per_minute: int = Field(default=20, ge=1, le=10_000)
    timeout: float = Field(default=10.0, gt=0, le=120)
    faults: bool = False
    idempotency: Literal["client_id", "lookup", "none"] = "client_id"

    @model_validator(mode="after")
    def _honest_unless_testing(self) -> Self:
        if self.idempotency != "client_id" and not self.faults:
            raise ValueError("idempotency can only be changed together with faults = true")
        return self
