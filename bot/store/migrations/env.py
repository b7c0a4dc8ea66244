"""Where Alembic meets the store: it works inside the transaction that `bot.store.migrate` hands over."""

from alembic import context

from bot.store.engine import SCHEMA_TABLE
from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=SCHEMA_TABLE,
    # All of it or nothing: SQLite takes part in that as long as the driver does not commit behind our back.
    transactional_ddl=True,
)
context.run_migrations()
