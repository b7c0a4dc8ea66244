"""The command line: `portavoz VERB ...`. What a verb needs is imported when it runs, so that `--help` is quick."""

from __future__ import annotations


def main() -> None:
    """The console script: runs what was typed and ends the process with its exit code."""
    import gc

    # What is imported stays: looking through it again and again takes a sixth of a short command's time.
    gc.set_threshold(100_000)
    from bot.cli.app import start

    start()
