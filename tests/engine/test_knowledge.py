"""What the team has written down on its way: into the brief, onto the revision, and before the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.core.briefs import Brief, Cited, Draft, Example, Made
from bot.core.guard import GuardFacts, review
from bot.core.messages import Claim, Done, Edit, ItemArrived
from bot.core.types import Finding, Person, ReplyState, Role
from bot.engine.context import Facts
from bot.store.engine import Database
from bot.store.trial import Trial
from prompts.knowledge import Knowledge
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import T0, WALL, Clock, World, comment

MADE = Made(prompt="model/draft.md", hash="ab" * 32, model="m-1", tokens_in=9, tokens_out=3, cost=0.25, seconds=0.5)
FACT = "---\nlanguage: en\ntags: open, sunday\nsource: website\nurl: https://a.example/h\n---\nWe open at nine.\n"
OLD = "---\nlanguage: en\ntags: open, sunday\nsource: web\nvalid_until: 2026-11-21\n---\nIn autumn we open at ten.\n"
SAVED = "---\nlanguage: en\ntags: open\n---\nWe are glad that you ask.\n"
VOICE = "---\nlanguage: en\nformality: usted\nsignature: ^Team\n---\nSober.\n"


@dataclass
class Listening:
    """A drafter that remembers what it was told, and relies on all of it and on something that there is not."""

    briefs: list[Brief] = field(default_factory=list)

    def draft(self, brief: Brief) -> Draft | None:
        self.briefs.append(brief)
        ids = tuple(fact.id for fact in (*brief.facts, *brief.saved))
        return Draft(
            text=f"We open at nine, {len(self.briefs)}.", source="model:m-1", facts=(*ids, "made-up"), made=MADE
        )


@pytest.fixture
def listening() -> Listening:
    return Listening()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def taught(
    request: pytest.FixtureRequest, tmp_path: Path, network: ModelNetwork, clock: Clock, listening: Listening
) -> AsyncIterator[World]:
    """A world whose team has written something down, on both databases."""
    files = {"facts/hours.md": FACT, "facts/old.md": OLD, "replies/glad.md": SAVED, "voice/en.md": VOICE}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    shared = request.param == "postgres"
    database = Database.open(request.getfixturevalue("postgres").fresh()) if shared else None
    made = World(
        tmp_path / "portavoz.db",
        {WALL: network},
        clock=clock,
        database=database,
        drafter=listening,
        knowledge=Knowledge(tmp_path, [WALL]),
        people=[Person(id="ada", name="Ada", role=Role.LEAD, signature="^Ada")],
    )
    await made.open()
    yield made
    await made.close()


async def test_what_fits_and_holds_goes_to_the_drafter_and_onto_the_record(taught: World, listening: Listening) -> None:
    await taught.emit(ItemArrived(item=comment(text="Are you open on Sunday?")))
    brief = listening.briefs[-1]
    assert {fact.id for fact in brief.facts} == {"hours", "old"}
    assert [fact.id for fact in brief.saved] == ["replies/glad"]
    assert (brief.voice, brief.formality, brief.signature) == ("Sober.", "usted", "^Team")
    assert brief.examples == ()
    (reply,) = (await taught.card(await taught.ticket_of("a"))).replies
    assert reply.latest is not None
    assert reply.latest.made == MADE
    assert set(reply.latest.facts) == {
        Cited(id="hours", source="website", url="https://a.example/h"),
        Cited(id="old", source="web"),
        Cited(id="replies/glad", source=""),
    }


async def test_what_has_expired_is_not_offered_and_not_cited(taught: World, listening: Listening, clock: Clock) -> None:
    clock.move(timedelta(days=1).total_seconds())
    await taught.arrive(comment(text="Are you open on Sunday?"))
    assert [fact.id for fact in listening.briefs[-1].facts] == ["hours"]
    reply = (await taught.card(await taught.ticket_of("a"))).replies[-1]
    assert reply.latest is not None
    assert [fact.id for fact in reply.latest.facts] == ["hours", "replies/glad"]


async def test_what_a_person_writes_rests_on_no_facts(taught: World) -> None:
    await taught.arrive(comment(text="Are you open on Sunday?"))
    ticket = await taught.ticket_of("a")
    assert isinstance(await taught.wish(Edit(by="ada", via="desk", ticket=ticket, text="At nine.")), Done)
    reply = (await taught.card(ticket)).replies[-1]
    assert reply.latest is not None
    assert (reply.latest.facts, reply.latest.made) == ((), None)
    assert reply.revisions[0].made == MADE


async def test_the_guard_knows_the_facts_about_the_comment_and_about_the_reply(
    taught: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[tuple[str, ...]] = []

    def listen(text: str, facts: GuardFacts) -> tuple[Finding, ...]:
        known.append(facts.facts)
        return review(text, facts)

    monkeypatch.setattr("bot.engine.context.review", listen)
    await taught.arrive(comment("a", "Are you open on Sunday?"), comment("b", "The soup was cold", thread_key="t2"))
    hours = {"We open at nine.", "In autumn we open at ten."}
    assert set(known[0]) == hours | {"We are glad that you ask."}
    ticket = await taught.ticket_of("b")
    for text, expected in (("We are sorry.", set()), ("Come on Sunday, we are open.", hours)):
        await taught.wish(Edit(by="ada", via="desk", ticket=ticket, text=text))
        assert set(known[-1]) == expected


async def test_a_remote_drafter_is_told_how_the_team_answered_before(taught: World, network: ModelNetwork) -> None:
    await taught.arrive(network.write("a", "The soup was cold and late", thread_key="t1"))
    before = await taught.ticket_of("a")
    await taught.wish(Edit(by="ada", via="desk", ticket=before, text="Sorry for the cold soup."))
    await taught.approve(before, by="ada")
    await taught.work_on(taught.worker())
    assert await taught.state(before) is ReplyState.PUBLISHED
    await taught.arrive(comment("b", "My soup was cold too, and so late", thread_key="t2"))
    ticket = await taught.ticket_of("b")

    def briefs(conn: Connection) -> list[Brief]:
        work = Trial(conn, T0)
        case = work.case(ticket)
        assert case is not None
        facts = Facts(work, taught.parts)
        return [facts.brief(case, "", remote=remote) for remote in (True, False)]

    remote, near = await taught.reader.ask(briefs)
    told = Example(comment="The soup was cold and late", reply="Sorry for the cold soup.", draft="We open at nine, 1.")
    assert (remote.examples, near.examples) == ((told,), ())


@pytest.mark.parametrize("said", [("", None), ("signature: person", "^Ada"), ("signature: no", None)])
async def test_the_voice_says_whether_and_how_drafts_are_signed(
    tmp_path: Path, network: ModelNetwork, clock: Clock, listening: Listening, said: tuple[str, str | None]
) -> None:
    head, signed = said
    (tmp_path / "voice").mkdir()
    (tmp_path / "voice" / "v.md").write_text(f"---\n{head}\n---\nSober.\n")
    people = [Person(id="ada", name="Ada", role=Role.LEAD, signature="^Ada")]
    world = World(
        tmp_path / "p.db", {WALL: network}, clock=clock, drafter=listening, knowledge=Knowledge(tmp_path), people=people
    )
    await world.open()
    try:
        await world.arrive(comment())
        ticket = await world.ticket_of("a")
        await world.wish(Claim(by="ada", via="desk", ticket=ticket))
        await world.arrive(comment("b", "And the bread too"))
        assert listening.briefs[-1].signature == signed
    finally:
        await world.close()
