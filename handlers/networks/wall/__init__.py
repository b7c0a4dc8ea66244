"""The wall: an embedded network with pages, a JSON interface and a database file of its own.

It plays the part of a network outside, so that everything works before any account is connected: anybody comments on
the page, the brand's replies stand below. It shares neither transactions nor tables with the bot.
"""

from __future__ import annotations

from pathlib import Path

from bot.core.ports import Keep
from handlers.networks.wall.adapter import WallNetwork
from handlers.networks.wall.api import Api
from handlers.networks.wall.config import Config
from handlers.networks.wall.faults import Faults
from handlers.networks.wall.pages import Pages
from handlers.networks.wall.service import Wall
from handlers.throttle import Throttle

__all__ = ["Config", "WallNetwork", "create", "files"]


def files(config: Config, *, data: Path) -> list[Path]:
    """The SQLite files that a backup has to hold."""
    return [data / f"{config.id}.db"]


def create(
    config: Config,
    *,
    data: Path,
    base_url: str,
    secret: str | None = None,  # noqa: ARG001 - it speaks to itself: there is nothing to prove
    keep: Keep | None = None,  # noqa: ARG001 - and nothing to keep but its own file
    brand: str | None = None,
) -> WallNetwork:
    """A wall in `<data>/<id>.db`, with links that begin with the configured address or else with `base_url`.

    Raises sqlite3.Error or OSError when the file cannot be opened.
    """
    if config.brand is None and brand:
        config = config.model_copy(update={"brand": brand})
    base = (config.base_url or base_url).rstrip("/")
    wall, faults, throttle = Wall(files(config, data=data)[0]), Faults(), Throttle(config.rate_per_minute)
    api = Api(wall, throttle, faults, config, base_url=base)
    pages = Pages(wall, throttle, config, base_url=base)
    return WallNetwork(
        config,
        wall=wall,
        faults=faults,
        base_url=base,
        routes=[*api.routes(faults=config.faults), *pages.routes()],
    )
