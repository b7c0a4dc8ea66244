"""From a brief to wordings: what the model is told, what it costs, and what of its answer can be used."""

from __future__ import annotations

import asyncio
import functools
import time
from typing import TYPE_CHECKING, Any

from bot.core.briefs import Draft, Example, Made
from bot.core.drafting import Allowance, Because, Exchange, NoOffer, Offer
from bot.core.phrasing import Phrased
from bot.core.types import Light, Visibility
from bot.core.views import Opinion
from bot.triage.names import first_name
from handlers.models.openai import answers
from handlers.models.openai.masking import Mask
from handlers.models.openai.wire import Missed
from prompts.rendering import Rendered, Templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.briefs import Brief
    from bot.settings.entries import DrafterEntry
    from handlers.models.openai.wire import Said, Wire
    from prompts import Prompts

_PATIENCE = 20.0
"""Seconds that a check may take."""
_KEPT = 20_000
"""Characters of each side of a call that are kept."""
_LETTERS_A_TOKEN = 4
"""For endpoints that count no tokens, and calls that were broken off."""


@functools.lru_cache(maxsize=2)
def _parsed(prompts: Prompts) -> Templates:
    """The templates of these prompts, parsed once."""
    return Templates(prompts)


class OpenAIDrafter:
    """Implements `bot.core.ports.Drafter`."""

    def __init__(self, id: str, chosen: DrafterEntry, wire: Wire, prompts: Prompts) -> None:
        self.id = id
        self.model = chosen.model
        self.timeout = chosen.timeout
        self.lanes = chosen.concurrency
        self.allowance = Allowance(tokens=chosen.tokens_per_day, money=chosen.money_per_day)
        self.opinions = chosen.second_opinion
        self._chosen = chosen
        self._wire = wire
        self._templates = _parsed(prompts)
        self._policies = {language: prompts.text(f"policy/{language}.md") for language in ("en", "es")}

    async def open(self) -> None:
        """See `bot.core.ports.Drafter.open`."""
        await self._wire.open()

    async def aclose(self) -> None:
        """Let the connections go."""
        await self._wire.aclose()

    async def write(self, brief: Brief, *, alternatives: int = 1, within: float) -> Offer:
        """See `bot.core.ports.Drafter.write`."""
        began = time.monotonic()
        mask = Mask(brief.language)
        # Foreign text may take some time to look through.
        told = await asyncio.to_thread(self._told, brief, mask, alternatives)
        form = answers.schema(alternatives, opinions=self.opinions)
        try:
            said = await self._say(told, form, began, within)
        except NoOffer as none:
            none.exchange = self._exchange(told, "")
            raise
        made, exchange = self._made(told, said, began), self._exchange(told, said.text)
        try:
            return self._offer(answers.read(said.text), brief, mask, made, exchange)
        except answers.Unreadable as error:
            because = Because.GARBAGE if said.text.strip() else Because.EMPTY
            raise NoOffer(because, str(error), made=made, exchange=exchange) from error

    async def summarise(
        self, themes: Sequence[tuple[int, str, str]], *, language: str, brand: str, within: float
    ) -> Phrased:
        """See `bot.core.ports.Drafter.summarise`."""
        began = time.monotonic()
        # The examples are foreign text, too.
        told = await asyncio.to_thread(self._themes, themes, language, brand)
        said = await self._say(told, answers.SUMMARY, began, within)
        made = self._made(told, said, began)
        try:
            return Phrased(text=answers.read_summary(said.text), made=made)
        except answers.Unreadable as error:
            raise NoOffer(Because.GARBAGE, str(error), made=made) from error

    async def check(self) -> Light:
        """See `bot.core.ports.Drafter.check`."""
        who: dict[str, object] = {"part": "drafter", "account": self.id}
        try:
            known = await self._wire.models(min(self.timeout, _PATIENCE))
        except NoOffer as none:
            reason = none.detail or none.because.value
            if none.because is Because.KEY_REFUSED:
                return Light(code="account_auth", state="red", params={**who, "reason": reason})
            if none.because is Because.REFUSED:
                # Not every endpoint lists its models; that it answers is all that can be said.
                return Light(code="model_unlisted", state="warn", params={**who, "model": self.model})
            return Light(code="account_unreachable", state="red", params={**who, "reason": reason})
        if self.model not in known:
            some = ", ".join(known[:8]) or "-"
            return Light(code="model_unknown", state="red", params={**who, "model": self.model, "known": some})
        return Light(code="account_ok", state="ok", params={**who, "name": self.model})

    def complete(self, system: str, user: str) -> str:
        """The raw answer to two texts of a template, for trying it out. Raises NoOffer."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": Mask(None).cover(user)}]

        async def ask() -> str:
            try:
                return (await self._wire.say(messages, None, self.timeout)).text
            finally:
                await self._wire.aclose()

        return asyncio.run(ask())

    async def _say(self, told: Rendered, form: dict[str, Any], began: float, within: float) -> Said:
        """The endpoint's answer within the time that is left of `within`. Raises NoOffer with what that may cost."""
        left = within - (time.monotonic() - began)
        if left <= 0:
            raise NoOffer(Because.TIMEOUT, "no time was left to ask", made=Made(model=self.model))
        messages = [{"role": "system", "content": told.system}, {"role": "user", "content": told.user}]
        try:
            return await self._wire.say(messages, form, left)
        except Missed as none:
            made = self._made(told, None, began, lost=none.lost) if none.lost else Made(model=self.model)
            raise NoOffer(none.because, none.detail, made=made) from none

    # --- what it is told --------------------------------------------------------------------------------------------

    def _themes(self, themes: Sequence[tuple[int, str, str]], language: str, brand: str) -> Rendered:
        """The themes of a day with personal data masked."""
        mask = Mask(language)
        counted = [(many, mask.cover(words), mask.cover(example)) for many, words, example in themes]
        return self._templates.render("themes", themes=counted, language=language, brand=brand)

    def _told(self, brief: Brief, mask: Mask, alternatives: int) -> Rendered:
        """The templates filled in; what others wrote is masked first, and fenced by the templates."""
        values = {
            "policy": self._policies.get(brief.language or "en", self._policies["en"]),
            "voice": brief.voice,
            "language": brief.language or "the language of the comment",
            "formality": brief.formality,
            "kind": brief.kind.value,
            "severity": brief.severity.value,
            "visibility": brief.visibility.value,
            "brand": brief.brand,
            "signature": f"^{brief.signature.lstrip('^')}" if brief.signature else "",
            "max_length": brief.max_length,
            "alternatives": alternatives,
            "name": mask.cover(first_name(brief.author_name) or ""),
            "comment": mask.cover(brief.comment, own=True),
            "conversation": [(who, mask.cover(text, own=who == "customer")) for who, text in brief.conversation],
            "facts": brief.facts,
            "saved": brief.saved,
            "examples": [_masked(example, mask) for example in brief.examples],
            "hint": mask.cover(brief.hint or ""),
            "previous": mask.cover(brief.previous),
        }
        told = self._templates.render("redraft" if brief.previous or brief.hint else "draft", **values)
        if not self.opinions:
            return told
        also = self._templates.render("opinion", **values)
        return Rendered(
            system=f"{told.system}\n{also.system}", user=f"{told.user}\n{also.user}", name=told.name, hash=told.hash
        )

    # --- what it answers --------------------------------------------------------------------------------------------

    def _made(self, told: Rendered, said: Said | None, began: float, lost: int = 0) -> Made:
        """What the call cost, by the endpoint's own count or by the length of the texts.

        Of tries whose answer was `lost` what was told is counted: what the model wrote to them nobody knows.
        """
        estimate = (len(told.system) + len(told.user)) // _LETTERS_A_TOKEN
        tokens_in, tokens_out = estimate * lost, 0
        if said is not None:
            tokens_in = (estimate if said.tokens_in is None else said.tokens_in) + estimate * said.lost
            tokens_out = len(said.text) // _LETTERS_A_TOKEN if said.tokens_out is None else said.tokens_out
        money = tokens_in * self._chosen.price_input + tokens_out * self._chosen.price_output
        return Made(
            prompt=told.name,
            hash=told.hash,
            model=self.model,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost=round(money / 1_000_000, 8),
            seconds=round(time.monotonic() - began, 3),
        )

    def _exchange(self, told: Rendered, said: str) -> Exchange | None:
        """The call as it is kept. Our own instructions are not: `Made` names their file and its hash."""
        if not self._chosen.keep_calls:
            return None
        # The model has seen masked data only; what it makes up may be somebody's all the same.
        return Exchange(told=told.user[:_KEPT], said=Mask(None).cover(said[:_KEPT]))

    def _offer(self, answer: answers.Answer, brief: Brief, mask: Mask, made: Made, exchange: Exchange | None) -> Offer:
        """The wordings that can stand where the reply will stand. Raises NoOffer."""
        worded = [one for one in answer.drafts if one.reply]
        if not worded:
            raise NoOffer(Because.EMPTY, "no wording", made=made, exchange=exchange)
        private = brief.visibility is Visibility.PRIVATE
        drafts = []
        for one in worded:
            text = mask.uncover(one.reply, private=private)
            if text is not None:
                drafts.append(Draft(text=text, source=f"model:{self.model}", facts=tuple(one.facts_used), made=made))
        if not drafts:
            raise NoOffer(Because.PERSONAL_DATA, "it names masked data", made=made, exchange=exchange)
        opinion = None
        if self.opinions and answer.kind is not None and answer.severity is not None:
            opinion = Opinion(kind=answer.kind, severity=answer.severity)
        needs_human = any(one.needs_human for one in worded)
        return Offer(drafts=tuple(drafts), made=made, opinion=opinion, needs_human=needs_human, exchange=exchange)


def _masked(example: Example, mask: Mask) -> Example:
    draft = mask.cover(example.draft) if example.draft is not None else None
    return Example(comment=mask.cover(example.comment), reply=mask.cover(example.reply), draft=draft)
