"""What became of drafts in words: one is one, also in Spanish."""

from bot.core.figures import DraftOutcome
from bot.locale.outcomes import outcome_lines


def test_one_draft_and_several_are_said_in_their_number() -> None:
    found = DraftOutcome(source="offline:praise.es#2", sent=1, edited=2, median_change=0.1, replaced=0, discarded=1)
    assert outcome_lines("es", [found]) == (
        "offline:praise.es#2: 1 enviado tal cual, 2 editados (10 % cambiado), 0 sustituidos, 1 no enviado",
    )
    assert outcome_lines("en", [found]) == (
        "offline:praise.es#2: 1 sent as drafted, 2 edited (10 % changed), 0 replaced, 1 not sent",
    )
