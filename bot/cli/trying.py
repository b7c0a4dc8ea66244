"""`prompts try`: a text filled in with a comment of today, and what a configured model answers to it."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.cli.context import Options, opened
from bot.cli.errors import NOT_FOUND, USAGE, WRONG, Stop
from bot.cli.output import clean, complain, say
from bot.core.briefs import Brief

if TYPE_CHECKING:
    from bot.settings import Settings
    from prompts import Prompt
    from prompts.texts import Texts

SAMPLES = {
    "es": "Llevo tres semanas esperando mi pedido y nadie me contesta. ¿Dónde está?",
    "en": "I have been waiting three weeks for my order and nobody answers. Where is it?",
}
"""A comment where none is given."""


def attempt(
    options: Options,
    settings: Settings,
    texts: Texts,
    prompt: Prompt,
    *,
    comment: str | None,
    ticket: str | None,
    language: str | None,
) -> None:
    """Print the text filled in; for a template, what the model answers. Raises Stop."""
    from bot.locale import text
    from prompts import PromptError

    locale = options.lang or settings.locale
    brief = _of_ticket(options, ticket) if ticket else _of_comment(settings, texts, comment, language)
    brief = replace(brief, language=language) if language else brief
    try:
        if "## system" in prompt.text:
            _template(settings, texts, prompt, brief, locale)
        elif prompt.name.startswith("offline/"):
            _variants(prompt, brief)
        else:
            raise Stop(text(locale, "There is nothing to fill in: {name} is told as it is.", name=prompt.name), USAGE)
    except PromptError as error:
        raise Stop(clean(str(error)), WRONG) from error


def _template(settings: Settings, texts: Texts, prompt: Prompt, brief: Brief, locale: str) -> None:
    from bot.locale import text
    from bot.wiring import model_of
    from prompts.rendering import render

    made = render(prompt, **values(brief, texts))
    say(f"## system\n\n{clean(made.system)}\n## user\n\n{clean(made.user)}".rstrip("\n"))
    model = model_of(settings, texts.prompts)
    if model is None:
        complain(text(locale, "No model is configured, so nobody was asked."))
        return
    say(f"\n## {clean(model.model)}\n\n{clean(_asked(model, made.system, made.user))}")


def _asked(model: Any, system: str, user: str) -> str:
    from bot.core.errors import AdapterError

    try:
        answer: str = model.complete(system, user)
    except AdapterError as error:
        raise Stop(clean(str(error)), WRONG) from error
    return answer


def _variants(prompt: Prompt, brief: Brief) -> None:
    """Every variant that has all it needs: the comment's own point, a fact that fits."""
    from bot.triage.names import first_name
    from bot.triage.opening import hello
    from bot.triage.point import pick_point, quoted
    from prompts.variants import parse

    _, language, kind = prompt.name.split("/")
    point = pick_point(brief.comment, brief.kind, language)
    given = {
        "hello": hello(language, brief.hour, brief.seed),
        "fact": next((fact.text for fact in (*brief.saved, *brief.facts)), ""),
        "name": first_name(brief.author_name) or "",
        "point": quoted(point, language) if point else "",
        "brand": brief.brand,
        "signature": brief.signature or "",
    }
    filled = {name: value for name, value in given.items() if value}
    for variant in parse(prompt.text, prompt.path, language, kind):
        if variant.needs <= filled.keys():
            say(f"#{variant.number} {clean(variant.render(filled, formality=brief.formality))}")


def values(brief: Brief, texts: Texts) -> dict[str, Any]:
    """What a template may name, from a brief; see `prompts.rendering.VARIABLES`."""
    from bot.triage.names import first_name

    return {
        "policy": _policy(texts, brief.language),
        "voice": brief.voice,
        "language": brief.language or "en",
        "formality": brief.formality,
        "kind": brief.kind.value,
        "severity": brief.severity.value,
        "visibility": brief.visibility.value,
        "brand": brief.brand,
        "signature": brief.signature or "",
        "max_length": brief.max_length,
        "name": first_name(brief.author_name) or "",
        "comment": brief.comment,
        "conversation": brief.conversation,
        "facts": brief.facts,
        "saved": brief.saved,
        "examples": brief.examples,
        "themes": [(1, "", brief.comment)],
        "hint": brief.hint or "",
        "previous": brief.previous,
        "alternatives": 1,
    }


def _policy(texts: Texts, language: str | None) -> str:
    """The policy in the reply's language, where there is one."""
    try:
        return texts.prompts.text(f"policy/{language}.md")
    except KeyError:
        return texts.prompts.text("policy/en.md")


def _of_ticket(options: Options, ticket: str) -> Brief:
    """What a drafter would get to know about a ticket now. Raises Stop where there is none."""
    from bot.core.messages import NotFound
    from bot.engine.context import Facts
    from bot.engine.parts import utc_now
    from bot.locale import explain
    from bot.store.trial import Trial
    from bot.wiring import build_parts, finish

    with opened(options) as desk:
        parts = build_parts(desk.settings, desk.database, chats=False)
        try:
            with desk.database.read() as conn:
                work = Trial(conn, utc_now())
                case = work.case(ticket.strip().upper())
                if case is None:
                    gone = NotFound(what="ticket", id=ticket)
                    raise Stop(explain(desk.locale(), gone), NOT_FOUND, outcome="not_found", what="ticket", id=ticket)
                brief = Facts(work, parts).brief(case, "", remote=True)
                return replace(brief, previous=case.revision.text if case.revision else "")
        finally:
            finish(parts)


def _of_comment(settings: Settings, texts: Texts, comment: str | None, language: str | None) -> Brief:
    """The same for a comment that nobody has written."""
    from bot.engine.parts import utc_now
    from bot.triage import RuleClassifier
    from prompts.knowledge import Place

    now = utc_now().astimezone(settings.tz)
    said = comment or SAMPLES.get(language or settings.locale, SAMPLES["en"])
    found = RuleClassifier(languages=settings.languages).assess(said)
    tongue = language or found.language or settings.locale
    networks = tuple(name for entry in settings.networks for name in (entry.id, entry.type))
    place = Place(language=tongue, networks=networks, today=now.date())
    voice = texts.knowledge.voice(place)
    return Brief(
        comment=said,
        author_name="",
        language=tongue,
        kind=found.kind,
        severity=found.severity,
        sentiment=found.sentiment,
        brand=settings.brand.name,
        formality=voice.formality or settings.brand.formality,
        signature=voice.signature or None,
        hour=now.hour,
        seed=zlib.crc32(said.encode("utf-8", "replace")),
        facts=texts.knowledge.facts(said, place),
        saved=texts.knowledge.saved(said, place),
        voice=voice.text,
    )
