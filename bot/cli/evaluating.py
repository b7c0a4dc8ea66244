"""`eval guard`: precision and recall of the guard's rules on labelled cases."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import tongue
from bot.cli.errors import WRONG, Stop
from bot.cli.output import as_json, console, say, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.cli.guard_cases import Score

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def guard(
    ctx: typer.Context,
    half: Annotated[str | None, typer.Option("--half", metavar="tune|held", help="Only the cases of one half.")] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="DIR", help="A folder with tune.jsonl and held.jsonl.")
    ] = None,
    json: AsJson = False,
) -> None:
    """How much the guard catches of what it should, and how often it is wrong, rule by rule."""
    from bot.cli.guard_cases import HALVES, folder, load, score
    from bot.locale import text
    from bot.triage import RuleClassifier

    locale = tongue(ctx.obj.lang)
    if half is not None and half not in HALVES:
        raise typer.BadParameter(text(locale, "Say `tune` or `held`."), param_hint="--half")
    place = folder(cases)
    if place is None:
        words = text(
            locale,
            "There are no cases here: they come with the source code, in tests/data/guard. Name them with `--cases`.",
        )
        raise Stop(words, WRONG, outcome="no_cases")
    try:
        loaded = load(place, [half] if half else HALVES)
    except ValueError as error:
        raise Stop(text(locale, "The cases cannot be read: {reason}.", reason=str(error)), WRONG) from error
    with _progress(len(loaded)) as step:
        scores = score(loaded, RuleClassifier().written_in, step)
    if json:
        as_json({"cases": len(loaded), "folder": str(place), "scores": [_body(one) for one in scores]})
    else:
        _show(scores, locale)


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, silence elsewhere."""
    shown = console(err=True)
    if not shown.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress

    with Progress(BarColumn(), MofNCompleteColumn(), console=shown, transient=True) as bar:
        task = bar.add_task("guard", total=count)
        yield lambda: bar.advance(task)


def _body(one: Score) -> dict[str, Any]:
    fields = ("rule", "language", "half", "cases", "hits", "missed", "false", "passed", "wrong_level")
    return {
        **{name: getattr(one, name) for name in fields},
        "precision": one.precision,
        "recall": one.recall,
    }


def _show(scores: Sequence[Score], locale: str) -> None:
    from bot.cli.guard_cases import CLEAN, HALVES, total
    from bot.locale import text

    titles = [
        text(locale, "Rule"),
        text(locale, "Lang"),
        text(locale, "Half"),
        text(locale, "Cases"),
        text(locale, "Precision"),
        text(locale, "Recall"),
        text(locale, "False"),
        text(locale, "Level"),
    ]
    rows = sorted(scores, key=lambda one: (one.rule == CLEAN, HALVES.index(one.half) if one.half in HALVES else 2))
    sums = [total(scores, half) for half in HALVES if any(one.half == half for one in scores)]
    shown = [
        (
            text(locale, "clean replies") if one.rule == CLEAN else one.rule,
            one.language or "-",
            one.half,
            str(one.cases),
            _share(one.precision),
            _share(one.recall),
            str(one.false),
            str(one.wrong_level),
        )
        for one in [*rows, *sums]
    ]
    console().print(table(titles, shown))
    say(text(locale, "False: found where nothing should be. Level: found, but with the other verdict."))
    say(text(locale, "`tune` is what the rules were made with; `held` was kept for measuring."))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value * 100:.0f} %"
