"""`replay`: feeds recorded comments in: onto the wall, or straight into the intake of another network's account."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import settings_of
from bot.cli.errors import INTERRUPTED, USAGE, WRONG, Silent, Stop
from bot.cli.output import as_json, clean, complain, console, say, table
from bot.cli.rows import Bad, Row, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.settings import Settings

MOST_SHOWN = 20
"""Malformed lines that are told one by one; the others are counted."""


@dataclass(slots=True)
class Tally:
    """What became of the lines."""

    taken: int = 0
    again: int = 0
    skipped: list[Bad] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    interrupted: bool = False


def replay(
    ctx: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines or CSV; - is the standard input.")],
    account: Annotated[
        str | None, typer.Option("--account", metavar="ID", help="For lines that name no network; else the wall.")
    ] = None,
    speed: Annotated[
        str | None,
        typer.Option("--speed", metavar="N|Nx", help="Comments per second; or 10x, ten times as fast as recorded."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what they are taken for.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Feed recorded comments in."""
    settings = settings_of(ctx.obj)
    locale = ctx.obj.lang or settings.locale
    pace = Pace.of(speed, locale)
    with _open(file, locale) as stream:
        form = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(file.suffix.lower())
        rows = read(stream, form)  # type: ignore[arg-type]  # the table's values are the literals
        tally = _classify(settings, rows) if dry_run else _feed(settings, rows, account, pace, locale)
    _tell(tally, locale, json=json, dry_run=dry_run)
    if tally.interrupted:
        raise Silent(INTERRUPTED)
    if not tally.taken and not tally.again:
        raise Silent(WRONG)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: `rate` comments per second, or `factor` times as fast as they were recorded; neither: at once."""

    rate: float | None = None
    factor: float | None = None

    @classmethod
    def of(cls, speed: str | None, locale: str) -> Pace:
        """What `--speed` says. Raises Stop."""
        from bot.locale import text

        if speed is None:
            return cls()
        word = speed.strip().lower()
        try:
            value = float(word.removesuffix("x"))
        except ValueError:
            value = 0.0
        if not 0 < value <= 1_000_000:
            words = text(locale, "A speed is a number like 5 (comments per second) or 10x (ten times as recorded).")
            raise Stop(words, USAGE, outcome="usage", reason="bad_speed")
        return cls(factor=value) if word.endswith("x") else cls(rate=value)

    def offsets(self, rows: Iterable[Row]) -> Iterator[tuple[float, Row]]:
        """Each row with the seconds after the start at which it is due; what was recorded earlier is due at once."""
        first = None
        due = 0.0
        for number, row in enumerate(rows):
            if self.rate is not None:
                due = number / self.rate
            elif self.factor is not None and row.created_at is not None:
                first = first or row.created_at
                due = max(due, (row.created_at - first).total_seconds() / self.factor)
            yield due, row


@contextmanager
def _open(file: Path, locale: str) -> Iterator[Any]:
    from bot.locale import text

    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        words = text(locale, "{file} cannot be read: {reason}.", file=file, reason=error.strerror)
        raise Stop(words, WRONG) from error
    with stream:
        yield stream


# --- the dry run ------------------------------------------------------------------------------------------------


def _classify(settings: Settings, rows: Iterator[Row | Bad]) -> Tally:
    """What the comments would be taken for; nothing is written, and no database is needed."""
    from bot.core.attachments import assess
    from bot.triage import RuleClassifier

    classifier = RuleClassifier(languages=settings.languages)
    tally = Tally(counts={"kind": Counter(), "severity": Counter(), "language": Counter()})
    seen: set[str] = set()
    for row in rows:
        if isinstance(row, Bad):
            tally.skipped.append(row)
        elif row.id is not None and row.id in seen:
            tally.again += 1
        else:
            seen.update(filter(None, (row.id,)))
            assessed = assess(row, classifier.assess)
            tally.taken += 1
            tally.counts["kind"][assessed.kind.value] += 1
            tally.counts["severity"][assessed.severity.value] += 1
            tally.counts["language"][assessed.language or "?"] += 1
    return tally


# --- for real ---------------------------------------------------------------------------------------------------


def _feed(settings: Settings, rows: Iterator[Row | Bad], account: str | None, pace: Pace, locale: str) -> Tally:
    from bot.cli.feeding import Feeder
    from bot.places import open_database
    from bot.wiring import build_parts, finish

    database = open_database(settings, upgrade=settings.postgres is None and not settings.database.is_file())
    parts = build_parts(settings, database, chats=False)
    tally = Tally()
    try:
        feeder = Feeder(settings, database, parts, account=account, locale=locale)
        with progress() as step:
            asyncio.run(_all(feeder, rows, pace, tally, step))
    except KeyboardInterrupt:
        tally.interrupted = True
    finally:
        finish(parts)
        database.close()
    return tally


async def _all(feeder: Any, rows: Iterator[Row | Bad], pace: Pace, tally: Tally, step: Callable[[int], None]) -> None:
    from bot.wiring import NotTaken

    begun = time.monotonic()
    try:
        for due, row in pace.offsets(_good(rows, tally)):
            wait = begun + due - time.monotonic()
            if wait > 0:
                await feeder.flush()
                await asyncio.sleep(wait)
            try:
                fresh = await feeder.take(row)
            except NotTaken as error:
                tally.skipped.append(Bad(row.line, "not_taken", str(error)))
                continue
            tally.taken += fresh
            tally.again += not fresh
            step(1)
    finally:
        await feeder.close()


def _good(rows: Iterator[Row | Bad], tally: Tally) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Bad):
            tally.skipped.append(row)
        else:
            yield row


@contextmanager
def progress() -> Iterator[Callable[[int], None]]:
    """A counter on a terminal, silence elsewhere; it is told how many more there are."""
    if not sys.stderr.isatty():
        yield lambda _more: None
        return
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    with Progress(SpinnerColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console(err=True)) as bar:
        task = bar.add_task("replay", total=None)
        yield lambda more: bar.advance(task, more)


# --- the summary ------------------------------------------------------------------------------------------------


def _tell(tally: Tally, locale: str, *, json: bool, dry_run: bool) -> None:
    from bot.locale import text

    skipped = [{"line": bad.line, "reason": reason(bad, locale)} for bad in sorted(tally.skipped, key=lambda b: b.line)]
    for one in skipped[:MOST_SHOWN]:
        complain(text(locale, "Line {line} was skipped: {reason}", **one))
    if len(skipped) > MOST_SHOWN:
        complain(text(locale, "... and {n} more.", n=len(skipped) - MOST_SHOWN))
    if json:
        counts = {name: dict(counter) for name, counter in tally.counts.items()}
        body = {"taken": tally.taken, "again": tally.again, "skipped": skipped, "dry_run": dry_run}
        as_json({"outcome": "interrupted" if tally.interrupted else "done", **body, **counts})
        return
    if dry_run:
        rows = [(name, value, str(n)) for name, counter in tally.counts.items() for value, n in counter.most_common()]
        console().print(table(["", "", ""], rows))
    said = text(
        locale,
        "{taken} comments taken, {again} were there already, {skipped} lines skipped.",
        taken=tally.taken,
        again=tally.again,
        skipped=len(skipped),
    )
    say(said)
    if dry_run:
        say(text(locale, "This was a trial: nothing was written."))


def reason(bad: Bad, locale: str) -> str:
    """Why a line is no comment, as a sentence."""
    from bot.locale import text

    known = {
        "too_long": text(locale, "it is longer than a megabyte."),
        "not_utf8": text(locale, "it is not UTF-8."),
        "not_json": text(locale, "it is not JSON."),
        "not_an_object": text(locale, "it is JSON, but no object with names and values."),
        "not_csv": text(locale, "it is not CSV."),
        "header": text(locale, "the header lacks: {names}.", names=bad.detail),
        "columns": text(locale, "it has more columns than the header ({counts}).", counts=bad.detail),
        "missing": text(locale, "{name} is missing or empty.", name=bad.detail),
        "wrong_list": text(locale, "{name} is no list of addresses or objects.", name=bad.detail),
        "wrong_type": text(locale, "{name} is no text.", name=bad.detail),
        "bad_time": text(locale, "{name} is no time like 2026-11-20T09:30:00Z.", name=bad.detail),
        "bad_number": text(locale, "{name} is no whole number.", name=bad.detail),
    }
    return clean(known.get(bad.reason, bad.detail))
