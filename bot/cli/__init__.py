"""The command line: `portavoz VERB ...`. What a verb needs is imported when it runs, so that `--help` is quick."""

from __future__ import annotations


def main() -> None:
    """The console script: runs what was typed and ends the process with its exit code."""
    from bot.cli.app import start

    start()
