"""What is kept, and how: tables, migrations, the unit of work, queries."""
