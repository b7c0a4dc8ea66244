"""Write the generated parts of the README: `python -m tests.docs`."""

from __future__ import annotations

from pathlib import Path

from bot.settings import settings_table

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- settings: written by `python -m tests.docs`, checked by the tests -->\n", "<!-- /settings -->\n"


def written(readme: str) -> str:
    """The README with its table of settings as the code has them."""
    head, rest = readme.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}\n{settings_table().strip()}\n\n{END}{tail}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
