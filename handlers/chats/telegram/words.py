"""What the Telegram adapter says in groups: English msgids; the catalogue has the other languages."""

from __future__ import annotations

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    "administrator": "I am no administrator of this group: I see no reactions here. Buttons and commands work.",
    "topics": "I need the right “Manage topics” in this group, else I cannot open a topic for a ticket.",
}
"""What is said once in a group, by what we lack there."""
FATES: Mapping[str, str] = {"posted": "Yes, it stands there", "absent": "No, it does not"}
"""What may have become of a reply whose answer was lost."""
