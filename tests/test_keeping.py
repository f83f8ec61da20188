"""Kept drafts: a person's own words go out instead of the engine's, reviewed, and never to somebody else."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest
from tests.support import INTERVIEW, PEOPLE, Plain, builtin_engine, state, time

from followup import Engine, Plan
from followup.channels import Composition, Limits
from followup.delivery import Outgoing
from followup.hookspecs import hookimpl
from followup.keeping import KeptDraft
from followup.plan import Draft
from followup.sending import intent_of
from followup.store import NewEntry, erase, folded, plan_of
from followup.store.sqlite import SqliteStore

NOW = "2026-09-15T12:00"
KEY = "thank-you:r1:dana"
BODY = """\
Dear Dana Whitfield,

thank you for the hour this morning. Your story of the night on call when the queue ran over stayed with me.

Kind regards
Ana Souza
"""
OWN = KeptDraft(
    key=KEY,
    subject="Thank you for this morning",
    body=BODY,
    to="dana",
    channel="email",
    address="dana@initech.example",
)


@cache
def engine() -> Engine:
    return builtin_engine()


def planned(own: KeptDraft, people: Plain = PEOPLE, now: str = NOW, **more: object) -> Plan:
    return engine().plan(state(INTERVIEW, people=people), time(now), kept=[own], **more)  # type: ignore[arg-type]


def test_own_words_stand_in_the_place_of_the_draft() -> None:
    found = planned(OWN)[KEY]
    assert found.draft is not None
    assert (found.draft.subject, found.draft.body, found.draft.edited) == (OWN.subject, OWN.body, True)
    assert found.status == "due"
    before = engine().plan(state(INTERVIEW), time(NOW))[KEY]
    assert before.draft is not None
    assert not before.draft.edited


def test_own_words_are_reviewed_and_an_error_blocks_them() -> None:
    worse = msgspec.structs.replace(OWN, body=BODY.replace("Dana Whitfield", "[name]"))
    found = planned(worse)[KEY]
    assert found.status == "blocked"
    assert "error" in [finding.severity for finding in found.findings]


def test_a_company_of_another_opportunity_in_own_words_is_found() -> None:
    copied = msgspec.structs.replace(OWN, body=BODY.replace("this morning", "at Hooli"))
    other = state(INTERVIEW, company={"name": "Hooli"})
    found = planned(copied, others=[other])[KEY]
    assert any("Hooli" in finding.text for finding in found.findings)
    assert not any("Hooli" in finding.text for finding in planned(copied)[KEY].findings)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"to": "lee"}, "the person was `lee` and is `dana`"),
        ({"channel": "phone"}, "the channel was `phone` and is `email`"),
        ({"address": "old@initech.example"}, "the address was `old@initech.example`"),
        ({"parts": ("concern:r1:dana",)}, "what rides along was `concern:r1:dana` and is nothing"),
    ],
)
def test_words_for_something_else_block_the_follow_up_and_are_not_used(change: Plain, told: str) -> None:
    found = planned(msgspec.structs.replace(OWN, **change))[KEY]
    assert found.status == "blocked"
    assert found.draft is not None
    assert not found.draft.edited
    assert any(told in finding.text for finding in found.findings)
    assert any(told in reason.text for reason in found.reasons)


def test_an_address_in_other_letters_is_the_same() -> None:
    assert planned(msgspec.structs.replace(OWN, address="Dana@Initech.example"))[KEY].status == "due"


class Rewriting:
    """A channel that puts the words into a form of its own, and into its link."""

    name, label, direction, address_field = "email", "Email", "employer", "email"

    limits = Limits()

    def reaches(self, person: object) -> bool:
        return True

    def compose(self, composition: Composition) -> Draft:
        return Draft(composition.subject, f"Script: {composition.body}", f"sms:+1?body={composition.body}")

    def review(self, draft: Draft) -> tuple[()]:
        return ()


def test_a_channel_that_would_change_own_words_leaves_them_and_gives_the_bare_link() -> None:
    class Plugin:
        FOLLOWUP_API = 1

        @hookimpl
        def followup_channels(self) -> list[Rewriting]:
            return [Rewriting()]

    rewriting = Engine.load(plugins=False, extra_plugins=[("rewriting", Plugin())])
    draft = rewriting.plan(state(INTERVIEW), time(NOW), kept=[OWN])[KEY].draft
    assert draft is not None
    assert (draft.body, draft.open) == (OWN.body, "sms:+1")


# In the store

AT = datetime(2026, 9, 16, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "followup.db")
    opened = NewEntry(kind="opened", opportunity="initech", data=state(INTERVIEW).to_dict())
    store.change(lambda _: [opened], AT)
    yield store
    store.close()


def keep(store: SqliteStore, **data: object) -> None:
    store.change(lambda _: [NewEntry(kind="drafted", opportunity="initech", data=data)], AT)


def test_the_store_hands_own_words_to_the_plan_until_they_are_dropped(store: SqliteStore) -> None:
    keep(store, **msgspec.to_builtins(OWN))
    kept = folded(store.entries())
    assert kept.opportunities["initech"].drafts == {KEY: OWN}
    assert plan_of(engine(), kept, "initech", time(NOW))[KEY].draft.body == BODY  # type: ignore[union-attr]
    keep(store, key=KEY)
    assert folded(store.entries()).opportunities["initech"].drafts == {}


def test_an_erased_person_is_in_no_own_words(store: SqliteStore) -> None:
    keep(store, **msgspec.to_builtins(OWN))
    lee = msgspec.structs.replace(OWN, key="thank-you:r1:lee", to="lee", address="lee@initech.example")
    keep(store, **msgspec.to_builtins(lee))
    erase(store, "initech", "dana", AT)
    [found] = folded(store.entries()).opportunities["initech"].drafts.values()
    assert found.key == "thank-you:r1:lee"
    assert "the hour this morning" in found.body
    assert all("Whitfield" not in str(entry.data) for entry in store.entries())


def test_what_went_out_for_another_job_at_the_same_company_counts(store: SqliteStore) -> None:
    people = {"priya": {"name": "Priya R.", "role": "hr", "email": "PRIYA@initech.example"}}
    interview = {**INTERVIEW, "with": ["priya"]}
    sent = {"type": "sent", "at": "2026-09-22T09:00Z", "to": "priya", "intent": "inquiry", "channel": "email"}

    def statuses(*events: Plain) -> dict[str, str]:
        other = state(interview, *events, people=people, position={"title": "Analyst"})
        new = NewEntry(kind="opened", opportunity="initech-2", data=other.to_dict())
        store.change(lambda _: [new], AT)
        found = plan_of(engine(), folded(store.entries()), "initech", time("2026-09-23T09:00"))
        return {followup.key: followup.status for followup in found.followups if followup.intent == "inquiry"}

    assert "due" in statuses().values()
    assert "due" not in statuses(sent).values()


def test_what_is_sent_by_followup_keeps_own_words_too() -> None:
    outgoing = Outgoing(channel="email", key=KEY, content="…", identity="<1@x>")
    assert intent_of(planned(OWN)[KEY], outgoing).event["text"] == BODY
    assert "text" not in intent_of(engine().plan(state(INTERVIEW), time(NOW))[KEY], outgoing).event
