"""The sections of a digest that are numbers: what happened, what was answered, how the objectives do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.figures import Drafts
from bot.core.foreign import visible
from bot.core.types import Passage, Section, Sentiment
from bot.locale import kind_name, label
from bot.reports.digest_words import FEWEST_WEEKS, joined, lines, usual

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.core.digest import Counts, Digest, Objective, Standing
    from bot.reports.digest_words import Tongue

_MOST = 5
_SIGNS = {Sentiment.NEGATIVE: "▼", Sentiment.NEUTRAL: "●", Sentiment.POSITIVE: "▲"}
Shown = tuple[Passage, ...]


def happened(told: Digest, tongue: Tongue) -> Shown:
    """How much came in, against what is usual; by network, by kind, and in which mood."""
    if not told.total:
        quiet = tongue.say("A quiet day. Nothing came in.") if told.span.days == 1 else tongue.say("Nothing came in.")
        return lines(joined([quiet, _usual(told, tongue)], " "))
    came = tongue.count("One comment came in.", "{number} comments came in.", told.total)
    alone = len({account for counts in (told.arrived, *told.earlier) for account, _ in counts}) == 1
    return lines(
        joined([came, _usual(told, tongue)], " "),
        "" if alone else _ranked(told, tongue, _account, visible),
        _ranked(told, tongue, _kind, lambda kind: kind_name(tongue.locale, kind)),
        _moods(told, tongue),
    )


def happened_wholly(told: Digest, tongue: Tongue) -> Section | None:
    """Each network with each kind."""
    if not told.total:
        return None
    before = [Counter(week) for week in told.earlier]
    ranked = sorted(told.arrived.items(), key=lambda one: (-one[1], one[0]))
    shown = [
        f"{visible(account)} · {kind_name(tongue.locale, kind)}: "
        + _beside(tongue, many, [week[account, kind] for week in before])
        for (account, kind), many in ranked
    ]
    if len(told.earlier) < FEWEST_WEEKS:
        shown.append(tongue.say("What is usual can be said after {n} weeks.", n=FEWEST_WEEKS))
    return Section(title=tongue.say("By network and kind"), lines=lines(*shown))


def answered(told: Digest, tongue: Tongue) -> Shown:
    """How many had their first answer, how soon, and what became of the drafts."""
    found = told.answers
    if not found.total and told.drafts == Drafts():
        return lines(tongue.say("Nobody was answered for the first time.")) if told.total else ()
    said = [tongue.count("One first answer.", "{number} first answers.", found.total)] if found.total else []
    if found.share_in_time is not None:
        said.append(tongue.say("In time: {share}.", share=tongue.percent(found.share_in_time)))
    if found.total == 1 and found.median_minutes is not None:
        said.append(tongue.say("It took {time}.", time=tongue.minutes(found.median_minutes)))
    elif found.median_minutes is not None and found.p90_minutes is not None:
        half, most = tongue.minutes(found.median_minutes), tongue.minutes(found.p90_minutes)
        said.append(tongue.say("Half of them within {half}, nine of ten within {most}.", half=half, most=most))
    return lines(" ".join(said), _became(told, tongue))


def _became(told: Digest, tongue: Tongue) -> str:
    """What became of the drafts; of what there was none, nothing is said."""
    drafts = told.drafts
    parts = (
        (drafts.as_drafted, tongue.count("one sent as it was", "{number} sent as they were", drafts.as_drafted)),
        (drafts.edited, tongue.count("one edited", "{number} edited", drafts.edited)),
        (drafts.discarded, tongue.count("one discarded", "{number} discarded", drafts.discarded)),
    )
    became = joined((words for many, words in parts if many), ", ")
    own = tongue.count("One reply without a draft.", "{number} replies without a draft.", drafts.own)
    return joined([tongue.say("Drafts: {became}.", became=became) if became else "", own if drafts.own else ""], " ")


def objectives(told: Digest, tongue: Tongue) -> Shown:
    """Each of the team's objectives, and whether it is met; on a quiet day only those that had something to answer."""
    shown = [standing for standing in told.standings if told.total or standing.total]
    return lines(*(_objective(standing, tongue) for standing in shown))


def _objective(standing: Standing, tongue: Tongue) -> str:
    wanted, percent = standing.objective, standing.percent
    name = visible(wanted.name) or _named(wanted, tongue)
    if percent is None:
        return tongue.say("– {name}: there was nothing to answer.", name=name)
    sign = "✓" if percent >= wanted.share else "✗"
    values = {"share": tongue.percent(percent / 100), "wanted": tongue.percent(wanted.share / 100)}
    return tongue.say("{sign} {name}: {share} (wanted: {wanted})", sign=sign, name=name, **values)


def _named(wanted: Objective, tongue: Tongue) -> str:
    kind = label(tongue.locale, wanted.kind) if wanted.kind is not None else ""
    how = tongue.say("answered within {time}", time=tongue.minutes(wanted.minutes)) if wanted.minutes else ""
    whose = joined([kind, visible(wanted.account or "")], ", ") or tongue.say("Everything")
    return joined([whose, how or tongue.say("answered")], ", ")


def _usual(told: Digest, tongue: Tongue) -> str:
    known = usual([sum(week.values()) for week in told.earlier])
    if known is None:
        return ""
    many = tongue.number(known)
    if told.span.days == 1:
        return tongue.say("Usual on such a day: {many}.", many=many)
    return tongue.say("Usual in such days: {many}.", many=many)


def _ranked(told: Digest, tongue: Tongue, by: Callable[[Counts], Counter[str]], name: Callable[[str], str]) -> str:
    now, before = by(told.arrived), [by(week) for week in told.earlier]
    first = now.most_common(_MOST)
    shown = [f"{name(key)} {_beside(tongue, many, [week[key] for week in before])}" for key, many in first]
    return joined([*shown, "…" if len(now) > _MOST else ""])


def _beside(tongue: Tongue, many: int, earlier: Sequence[int]) -> str:
    """`12 (usual 8)`."""
    known = usual(earlier)
    said = tongue.number(many)
    return said if known is None else tongue.say("{many} (usual {usual})", many=said, usual=tongue.number(known))


def _account(counts: Counts) -> Counter[str]:
    return _summed(counts, 0)


def _kind(counts: Counts) -> Counter[str]:
    return _summed(counts, 1)


def _summed(counts: Mapping[tuple[str, str], int], part: int) -> Counter[str]:
    summed: Counter[str] = Counter()
    for key, many in counts.items():
        summed[key[part]] += many
    return summed


def _moods(told: Digest, tongue: Tongue) -> str:
    steps = told.volume.steps if told.volume is not None else ()
    if not steps:
        return ""
    sums = {mood: sum(getattr(step, mood.value) for step in steps) for mood in Sentiment}
    return joined(f"{_SIGNS[mood]} {label(tongue.locale, mood)} {tongue.number(many)}" for mood, many in sums.items())
