"""`make bench`: every figure beside its floor, measured in the same run. `python -m tests.bench intake` runs one."""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Sequence

from bot import logs
from tests.bench import cards, desk, intake, process, replies, sharing, slack, themes, words
from tests.bench.house import scratch
from tests.bench.show import machine

PARTS = {
    "words": words,
    "themes": themes,
    "intake": intake,
    "cards": cards,
    "replies": replies,
    "desk": desk,
    "slack": slack,
    "process": process,
    "sharing": sharing,
}


def main(wanted: Sequence[str]) -> int:
    """Print the figures. They never fail on time: whoever reads them decides. 2 for a name that is none."""
    if unknown := sorted(set(wanted) - set(PARTS)):
        print(f"There is no {', '.join(unknown)}. Choose among: {', '.join(PARTS)}.")
        return 2
    warnings.simplefilter("error")
    logs.configure(level="warning", format="text", secrets=())
    print(machine())
    for name in wanted or PARTS:
        with scratch() as folder:
            asyncio.run(PARTS[name].measure(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
