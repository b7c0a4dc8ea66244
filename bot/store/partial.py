"""What partial indexes hold. A query must say it in the same words, or the database does not use the index."""

from sqlalchemy import text

WITHDRAWN = text("type = 'ReplyWithdrawn'")
"""What the index of withdrawn replies holds."""
PRESS = text("type = 'PressArrived'")
"""What the index of press headlines holds."""
GONE = text("gone")
"""What the index of what was taken away holds."""
RINGS = text("ring_at IS NOT NULL")
"""What the index of clocks that are to ring holds."""
FOLDED = text("fold IS NOT NULL")
"""What the index of what is folded holds, rolls and all."""
ROLLS = text("fold = id")
"""What the index of rolls holds, a few a day."""
UNFINISHED = text("status IN ('open', 'waiting')")
"""What the index that open tickets are counted by holds."""
VANISHED = text("vanished_at IS NOT NULL")
"""What the index of our replies that vanished holds."""
