"""How bad a finding is: that depends on who wrote the words and on where they will stand.

The rules, their codes (stable, people see them translated) and their verdicts. `2` is a warning that takes a second
approver; "model" is any drafter, in public / in private; a dash lets it pass:

| code | it is found | model | person |
|---|---|---|---|
| `empty` | nothing visible | block | block |
| `too_long` | longer than the network takes, in its own measure | block | block |
| `wrong_language` | not the commenter's language | block | warn |
| `threatens_deletion` | a comment or its author will be deleted, hidden or blocked | block | block |
| `mass_mention` | calls everybody | block | block |
| `mass_mention` | more than two accounts | block | warn |
| `foreign_link` | a link to a domain that is not ours | block | warn |
| `asks_personal_data` | a secret: password, card, PIN | block | block |
| `asks_personal_data` | other data of the commenter's | block / - | warn / - |
| `repeats_personal_data` | the comment's own e-mail, phone, IBAN, card or document number | block / - | block / - |
| `control_characters` | invisible or reordering characters | block | block |
| `identical_reply` | equal to a recent reply of the account | block | warn |
| `identical_reply` | equal but for the name in it | warn | warn |
| `fault` | admits our fault or denies it | block | 2 / warn |
| `compensation` | money, goods or a discount for the trouble | block / warn | 2 / - |
| `unsupported_promise` | an outcome with a time, or a guarantee, that no given fact contains | block | warn |
| `blames` | argues with the commenter or blames them | block | warn |
| `irony` | mocks somebody who complains | block | warn |
| `apology_to_praise` | apologises where there is only praise | block | warn |
| `advice` | medical or legal advice | block | 2 |
| `model_slip` | "as an AI", a blank not filled in, leaked instructions, quotes around, markup | block | warn |
| `canned` | names nothing of the comment | warn | warn |

A block is never overridden: the text is edited. So only that is blocked for people which no good reply needs.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Verdict(NamedTuple):
    """A level, and how many people a wording takes that has such a finding."""

    level: Literal["block", "warn"]
    approvers: int = 1


BLOCK, WARN, SECOND = Verdict("block"), Verdict("warn"), Verdict("warn", 2)
# For a model in public and in private, for a person in public and in private; None lets it pass.
_TABLE: Mapping[str, tuple[Verdict | None, Verdict | None, Verdict | None, Verdict | None]] = MappingProxyType(
    {
        "fault": (BLOCK, BLOCK, SECOND, WARN),
        "compensation": (BLOCK, WARN, SECOND, None),
        "unsupported_promise": (BLOCK, BLOCK, WARN, WARN),
        "blames": (BLOCK, BLOCK, WARN, WARN),
        "irony": (BLOCK, BLOCK, WARN, WARN),
        "apology_to_praise": (BLOCK, BLOCK, WARN, WARN),
        "advice": (BLOCK, BLOCK, SECOND, SECOND),
        "model_slip": (BLOCK, BLOCK, WARN, WARN),
        "canned": (WARN, WARN, WARN, WARN),
    }
)


def verdict(rule: str, *, by_person: bool, private: bool) -> Verdict | None:
    """The verdict on a finding of a rule about wording; None where it may pass. Raises KeyError for other rules."""
    return _TABLE[rule][2 * by_person + private]
