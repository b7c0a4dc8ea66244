"""`portavoz stats 30d --csv TABLE`: a table of the desk's reports, for a spreadsheet or a script."""

from __future__ import annotations

from datetime import timedelta

from bot.cli.context import Options, opened, tongue
from bot.cli.errors import USAGE, Stop
from bot.core.queries import Stats


def as_csv(options: Options, query: Stats, name: str) -> None:
    """One table as CSV on the standard output: of today and the days before it, as the page of reports has it.

    Raises Stop when there is no such table.
    """
    import typer

    from bot.charts.tables import NAMES, tables
    from bot.core.digest import midnight
    from bot.engine.parts import utc_now
    from bot.locale import text
    from bot.store.people import team
    from bot.store.reports import report

    if name not in NAMES:
        known = ", ".join(NAMES)
        words = text(tongue(options.lang), "There is no table {name}. There are: {known}.", name=name, known=known)
        raise Stop(words, USAGE, outcome="usage", reason="no_such_table")
    with opened(options) as desk, desk.database.read() as conn:
        today = utc_now().astimezone(desk.tz).date()
        since = midnight(today - timedelta(days=query.days - 1), desk.tz)
        found = report(conn, since, midnight(today + timedelta(days=1), desk.tz), desk.tz)
        names = {person.id: person.name for person in team(conn)}
        typer.echo(tables(desk.locale(), found, desk.tz, names)[name].csv(), nl=False)
