"""`python -m bot.locale`: puts what is not translated yet at the end of each catalogue, for somebody to fill in."""

from __future__ import annotations

import sys

from bot.locale.catalogue import available
from bot.locale.extract import as_po, missing, path, read, said, unused


def main() -> int:
    """Bring the catalogues of the source tree up to date; 1 when something is left to translate."""
    wanted = said()
    todo = 0
    for locale in available()[1:]:
        catalogue = read(locale)
        entries = missing(catalogue, wanted)
        fresh = [one for one in entries if one.msgid not in catalogue]
        if fresh:
            with path(locale).open("a", encoding="utf-8") as file:
                file.write("\n" + as_po(fresh))
        todo += len(entries)
        print(f"{path(locale)}: {len(fresh)} added, {len(entries)} to translate")  # noqa: T201
        for msgid in unused(catalogue, wanted):
            print(f"  nobody says {msgid!r} any more")  # noqa: T201
    return 1 if todo else 0


if __name__ == "__main__":
    sys.exit(main())
