"""The real command line with short leases, so that tests of a takeover need not wait for minutes."""

from datetime import timedelta

from bot.cli import main
from bot.engine import sharing, worker
from bot.store import outbox


def shorten() -> None:
    """From now on in this process; all that share a database have to agree."""
    sharing.BEAT = 0.3
    sharing.LIFE = timedelta(seconds=2)
    outbox.LEASE = timedelta(seconds=3)
    worker.RENEW = 0.5


if __name__ == "__main__":
    shorten()
    main()
