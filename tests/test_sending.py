"""Sending: at most once, nothing lost, nothing past the gate; whatever fails, wherever the process dies."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.support import INTERVIEW, PEOPLE, Plain, engine_of, sent, time
from tests.support import rule as ask

from followup import Engine, InDoubtError, NotDeliveredError, Receipt, UsageError
from followup.delivery import Commit, Outgoing
from followup.plan import Draft
from followup.sending import (
    Delivery,
    Gate,
    Intent,
    Outbox,
    carrying_over,
    deliveries,
    intent_of,
    reconciling,
    run,
    send,
)
from followup.sending.looking import speaks_of
from followup.sending.transitions import FOLLOWING, after_a_crash, may_follow
from followup.store import Change, Decide, Entry, NewEntry, erase, folded, last_changes, plan_of, undoing
from followup.store.sqlite import SqliteStore

NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)
KEYS = ("thank-you:r1:dana", "inquiry:r1:lee")
STATE: Plain = {
    "format": 1,
    "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC"},
    "company": {"name": "Initech", "timezone": "UTC"},
    "position": {"title": "Data Engineer"},
    "people": PEOPLE,
    "events": [INTERVIEW],
}


def clock() -> datetime:
    return NOW


def intent(key: str = KEYS[0], **more: Any) -> Intent:
    outgoing = Outgoing(channel="email", key=key, content=f"about {key}", identity=f"<{key}@x>")
    event = sent("", to=key.rpartition(":")[2], key=key)
    return Intent(outgoing=outgoing, digest=key, event={k: event[k] for k in event if k != "at"}, **more)


def open_gate(entries: Sequence[Entry], now: datetime) -> str:
    """Open until a refusal stands in the log."""
    return "they refused" if any(entry.data.get("type") == "rejection" for entry in entries) else ""


class Killed(BaseException):
    """The process is dead: nothing runs any more, no handler either."""


class OtherSide:
    """Takes messages, or breaks; `arrived` is what came, and what the log said at the last moment before."""

    channel = "email"

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.arrived: list[str] = []

    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        return intent(key).outgoing

    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        if self.fault == "no line":
            raise NotDeliveredError("there is no line", permanent=False)
        if self.fault != "asks nobody":
            commit()
        if self.fault == "killed before":
            raise Killed
        if self.fault == "refused":
            raise NotDeliveredError("550 no such mailbox", permanent=True)
        if self.fault != "lost":
            self.arrived.append(outgoing.key)
        if self.fault == "killed after":
            raise Killed
        if self.fault in ("cut", "lost"):
            raise InDoubtError("the line broke", identity=outgoing.identity)
        if self.fault == "broken":
            raise LookupError("a fault in the deliverer")
        return Receipt(channel="email", key=outgoing.key, identity=outgoing.identity, answer="250 taken")


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "followup.db")
    store.change(lambda _: [NewEntry(kind="opened", opportunity="initech", data=STATE)], NOW)
    yield store
    store.close()


def happen(store: SqliteStore, event: Plain) -> None:
    store.change(lambda _: [happened(event)], NOW)


def happened(event: Plain) -> NewEntry:
    return NewEntry(kind="happened", opportunity="initech", data=event)


def only(store: SqliteStore) -> Delivery:
    [found] = deliveries(store.entries()).values()
    return found


def sent_keys(store: SqliteStore) -> list[str]:
    events = folded(store.entries()).opportunities["initech"].data["events"]
    return [event["key"] for event in events if event["type"] == "sent"]


def attempt(store: SqliteStore, side: OtherSide, gate: Any = open_gate, wanted: Intent | None = None) -> Any:
    with run(store, clock) as outbox:
        return send(outbox, "initech", wanted or intent(), side, gate)


# States


def test_no_way_leads_from_where_words_may_have_left_to_another_sending() -> None:
    reached = {"committing"}
    for _ in FOLLOWING:
        reached |= {after for before in reached for after in FOLLOWING[before]}
    assert reached == {"committing", "sent", "failed", "in doubt"}
    assert not FOLLOWING["sent"] | FOLLOWING["failed"]


@pytest.mark.parametrize("state", FOLLOWING)
def test_a_run_that_ends_without_a_word_leaves_a_state_that_may_be(state: Any) -> None:
    after = after_a_crash(state)
    assert after == state or may_follow(state, after)
    assert after not in ("claimed", "committing")


# One message


def test_a_message_that_is_taken_is_written_down_as_sent_in_one_change(store: SqliteStore) -> None:
    side = OtherSide()
    delivery, receipt = attempt(store, side)
    assert (side.arrived, receipt.answer) == ([KEYS[0]], "250 taken")
    assert (delivery.state, delivery.told, delivery.committed) == ("sent", "250 taken", NOW)
    entries = store.entries()
    assert [e.data["state"] for e in entries if e.kind == "delivery"] == [
        "queued", "claimed", "committing", "sent",
    ]  # fmt: skip
    assert sent_keys(store) == [KEYS[0]]
    assert {e.change for e in entries[-2:]} == {entries[-1].change}


def test_what_is_sent_is_not_sent_again_under_any_name(store: SqliteStore) -> None:
    side = OtherSide()
    attempt(store, side)
    with pytest.raises(NotDeliveredError, match="was sent already"):
        attempt(store, side)
    with run(store, clock) as outbox, pytest.raises(NotDeliveredError, match="was sent already"):
        send(outbox, "initech-again", intent(), side, open_gate)
    assert side.arrived == [KEYS[0]]


def test_all_of_the_message_is_in_the_log_before_anything_is_done(store: SqliteStore) -> None:
    class Looks(OtherSide):
        def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
            seen.append(only(store))
            commit()
            seen.append(only(store))
            return Receipt(channel="email", key=outgoing.key)

    seen: list[Delivery] = []
    attempt(store, Looks())
    assert [(each.state, each.outgoing) for each in seen] == [
        ("claimed", intent().outgoing),
        ("committing", intent().outgoing),
    ]


@pytest.mark.parametrize(
    ("fault", "raised", "state", "permanent"),
    [
        ("no line", NotDeliveredError, "failed", False),
        ("refused", NotDeliveredError, "failed", True),
        ("cut", InDoubtError, "in doubt", False),
        ("broken", InDoubtError, "in doubt", False),
        ("asks nobody", InDoubtError, "in doubt", False),
    ],
)
def test_what_became_of_it_is_written_down(
    store: SqliteStore, fault: str, raised: type[Exception], state: str, permanent: bool
) -> None:
    with pytest.raises(raised):
        attempt(store, OtherSide(fault))
    found = only(store)
    assert (found.state, found.permanent, sent_keys(store)) == (state, permanent, [])
    assert found.told


def test_what_failed_may_be_sent_and_what_is_in_doubt_may_not(store: SqliteStore) -> None:
    with pytest.raises(NotDeliveredError):
        attempt(store, OtherSide("no line"))
    with pytest.raises(InDoubtError):
        attempt(store, OtherSide("cut"))
    side = OtherSide()
    with pytest.raises(NotDeliveredError, match="may have been sent already"):
        attempt(store, side)
    assert side.arrived == []


def test_a_doubt_is_settled_by_what_was_found_and_the_event_has_the_time_of_sending(
    store: SqliteStore,
) -> None:
    with pytest.raises(InDoubtError):
        attempt(store, OtherSide("cut"))
    with run(store, lambda: NOW + timedelta(days=1)) as outbox:
        settled = outbox.settle(only(store), "sent", "in Sent")
        with pytest.raises(UsageError, match="is sent and stays so"):
            outbox.settle(settled, "failed", "no")
    [event] = [e.data for e in store.entries() if e.data.get("type") == "sent"]
    assert (settled.told, event["at"]) == ("in Sent", NOW.isoformat())


def test_two_runs_at_once_there_are_not(store: SqliteStore) -> None:
    other = SqliteStore(store.path)
    with run(store, clock), pytest.raises(UsageError, match="another followup is sending"), run(other, clock):
        pass
    other.close()


def test_a_message_that_was_sent_is_not_undone_and_what_came_after_it_is(store: SqliteStore) -> None:
    attempt(store, OtherSide())
    happen(store, {"type": "note", "at": NOW.isoformat(), "text": "later"})
    assert len(last_changes(store.entries(), 1)) == 1
    with pytest.raises(UsageError, match="went out by that change, and cannot be taken back"):
        last_changes(store.entries(), 2)


def test_steps_of_a_message_that_failed_do_not_stand_in_the_way_of_undo(store: SqliteStore) -> None:
    happen(store, {"type": "note", "at": NOW.isoformat(), "text": "before"})
    wanted = last_changes(store.entries(), 1)
    with pytest.raises(NotDeliveredError):
        attempt(store, OtherSide("no line"))
    assert last_changes(store.entries(), 1) == wanted


def test_an_erased_person_is_in_no_step_of_a_message(store: SqliteStore) -> None:
    outgoing = Outgoing(
        channel="email",
        key=KEYS[0],
        content="To: Dana Whitfield",
        identity="<1@x>",
        account="dana@initech.example",
    )
    with pytest.raises(InDoubtError):
        attempt(store, OtherSide("cut"), wanted=Intent(outgoing=outgoing, digest="", event=intent().event))
    erase(store, "initech", "dana", NOW)
    found = only(store)
    assert (found.state, found.outgoing.content, found.outgoing.identity) == ("in doubt", "", "")
    with run(store, clock) as outbox:
        outbox.settle(found, "sent", "you said so")
    [state] = [each.state() for each in folded(store.entries()).opportunities.values()]
    assert "dana" not in str(store.entries()).casefold()
    assert [event.type for event in state.events if event.type == "sent"] == ["sent"]


# The gate


@pytest.fixture
def engine() -> Engine:
    return engine_of({"inquiry": ask(open_for="1 week")})


KEY = "inquiry:r1:dana"


def asked(store: SqliteStore, engine: Engine, now: datetime = NOW) -> tuple[Intent, Gate]:
    followup = plan_of(engine, folded(store.entries()), "initech", now)[KEY]
    assert followup.draft is not None
    found = intent_of(followup, OtherSide().prepare(followup.draft, KEY, now))
    return found, Gate(engine, "initech", KEY, found.digest)


def test_the_gate_lets_out_what_is_due_in_the_words_that_were_shown(
    store: SqliteStore, engine: Engine
) -> None:
    wanted, gate = asked(store, engine)
    side = OtherSide()
    attempt(store, side, gate, wanted)
    assert side.arrived == [KEY]
    assert plan_of(engine, folded(store.entries()), "initech", NOW)[KEY].status == "done"


OWN_WORDS: Plain = {"key": KEY, "subject": "s", "body": "Hi Dana"}
REFUSAL: Plain = {"type": "rejection", "at": NOW.isoformat(), "from": "hr"}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (happened(REFUSAL), "a refusal"),
        (happened({**REFUSAL, "at": "2026-09-17T00:00Z"}), "later than now"),
        (happened({"type": "strange", "at": "x"}), "cannot be told"),
        (happened(sent("2026-09-16T08:00Z", intent="inquiry", key=KEY)), "is done"),
        (NewEntry(kind="retired", opportunity="initech"), "no open opportunity"),
        (NewEntry(kind="restored"), "came from a backup"),
        (NewEntry(kind="drafted", opportunity="initech", data=OWN_WORDS), KEY),
    ],
)
@pytest.mark.parametrize("when", ["before it is claimed", "after the server said go ahead"])
def test_what_was_entered_a_moment_ago_stops_the_message(
    store: SqliteStore, engine: Engine, entry: NewEntry, told: str, when: str
) -> None:
    class Entered(OtherSide):
        def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
            # Another process writes, while this one talks to the server.
            other = SqliteStore(store.path)
            other.change(lambda _: [entry], NOW)
            other.close()
            return super().deliver(outgoing, commit=commit)

    wanted, gate = asked(store, engine)
    side: OtherSide = Entered()
    with run(store, clock) as outbox:
        if when == "before it is claimed":
            delivery = outbox.queue("initech", wanted)
            store.change(lambda _: [entry], NOW)
            with pytest.raises(NotDeliveredError, match=told):
                outbox.claim(delivery, gate)
        else:
            with pytest.raises(NotDeliveredError, match=told):
                send(outbox, "initech", wanted, side, gate)
    assert side.arrived == []
    assert [each.state for each in deliveries(store.entries()).values()] == ["failed"]


def test_a_clock_that_is_set_back_sends_nothing_early(store: SqliteStore, engine: Engine) -> None:
    wanted, gate = asked(store, engine)
    side = OtherSide()
    before = time("2026-09-15T10:30")
    with run(store, lambda: before) as outbox, pytest.raises(NotDeliveredError):
        send(outbox, "initech", wanted, side, gate)
    assert side.arrived == []


# A backup


def test_a_restored_store_sends_nothing_until_it_is_reconciled_and_forgets_no_message(
    store: SqliteStore, tmp_path: Path
) -> None:
    store.backup(tmp_path / "copy.db")
    side = OtherSide()
    attempt(store, side)
    with pytest.raises(InDoubtError):
        attempt(store, OtherSide("cut"), wanted=intent(KEYS[1]))
    with store.alone():
        store.restore(tmp_path / "copy.db", carrying_over(store.entries()), NOW)
    assert sent_keys(store) == [KEYS[0]]
    with pytest.raises(NotDeliveredError, match="came from a backup"):
        attempt(store, side, wanted=intent("final:r1:dana"))
    store.change(lambda _: reconciling([]), NOW)
    for key in KEYS:
        with pytest.raises(NotDeliveredError, match="already"):
            attempt(store, side, wanted=intent(key))
    attempt(store, side, wanted=intent("final:r1:dana"))
    assert side.arrived == [KEYS[0], "final:r1:dana"]


@pytest.mark.parametrize("beside", [True, False])
def test_an_older_file_put_in_the_stores_place_by_hand_sends_nothing_either(
    tmp_path: Path, beside: bool
) -> None:
    path = tmp_path / "followup.db"
    for number in range(2):
        store = SqliteStore(path)
        attempt(store, OtherSide(), wanted=intent(KEYS[number]))
        store.close()
        if number == 0:
            shutil.copy(path, tmp_path / "older.db")
    shutil.copy(tmp_path / "older.db", path)
    if not beside:
        path.with_name("followup.db-sending").unlink()
    store = SqliteStore(path)
    side = OtherSide()
    for _ in range(2):
        with pytest.raises(NotDeliveredError, match="came from a backup"):
            attempt(store, side, wanted=intent("final:r1:dana"))
    with run(store, clock):
        store.change(lambda _: reconciling([]), NOW)
    attempt(store, side, wanted=intent("final:r1:dana"))
    assert side.arrived == ["final:r1:dana"]
    store.close()


def test_a_run_that_died_over_the_first_message_leaves_no_copy_behind(tmp_path: Path) -> None:
    path = tmp_path / "followup.db"
    note = path.with_name("followup.db-sending")
    store = SqliteStore(path)
    store.change(lambda _: [NewEntry(kind="profile", data={"name": "Ana Souza"})], NOW)
    with run(store, clock) as outbox:
        at_death = note.read_bytes()
        outbox.queue("initech", intent())
    store.close()
    note.write_bytes(at_death)
    store = SqliteStore(path)
    side = OtherSide()
    attempt(store, side)
    assert len(side.arrived) == 1
    store.close()


# Evidence


BOUNCE = """\
From: MAILER-DAEMON@mx.initech.example
Message-ID: <b@mx.initech.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It could not be delivered.
--x
Content-Type: {kind}

Message-ID: <1@souza.example>
Subject: Thank you

--x--
"""


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        (BOUNCE.format(kind="message/rfc822"), "as one that came back"),
        (BOUNCE.format(kind="text/rfc822-headers"), "as one that came back"),
        ("Message-ID: <2@x>\nIn-Reply-To: <1@souza.example>\n\nThanks!\n", "as an answer"),
        ("Message-ID: <2@x>\nReferences: <0@x>\n <1@souza.example>\n\nThanks!\n", "as an answer"),
        ("Message-ID: <1@souza.example>\nX-Unsent: 1\n\nThe draft.\n", ""),
        ("Message-ID: <2@x>\n\nWhat is <1@souza.example>?\n", ""),
        ("Message-ID: <2@x>\nIn-Reply-To: <11@souza.example>\n\nThanks!\n", ""),
    ],
)
def test_a_mail_that_answers_or_returns_a_message_proves_that_it_left(mail: str, found: str) -> None:
    assert speaks_of(mail.encode(), "<1@souza.example>") == found


# Whatever happens, in whatever order


class Dying:
    """A store of a process that dies at its `lives`th change, before or after it is written."""

    def __init__(self, store: SqliteStore, lives: int) -> None:
        self.store = store
        self.lives = lives

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def change(self, decide: Decide, at: datetime) -> Change | None:
        self.lives -= 1
        if self.lives < 0:
            raise Killed
        if self.lives == 0:
            self.store.change(decide, at)
            raise Killed
        return self.store.change(decide, at)


FAULTS = ("", "", "no line", "refused", "cut", "lost", "broken", "killed before", "killed after")


class Sending(RuleBasedStateMachine):
    """Messages are sent while the process dies anywhere, lines break, refusals and backups come between."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.store = SqliteStore(self.path / "followup.db")
        self.store.change(lambda _: [NewEntry(kind="opened", opportunity="initech", data=STATE)], NOW)
        self.arrived: Counter[str] = Counter()
        self.refused = False
        self.backups = 0

    @rule(
        key=st.sampled_from(KEYS),
        fault=st.sampled_from(FAULTS),
        lives=st.integers(1, 8),
    )
    def send(self, key: str, fault: str, lives: int) -> None:
        side = OtherSide(fault)
        dying: Any = Dying(self.store, lives)
        try:
            with dying.alone():
                outbox = Outbox(dying, clock)
                outbox.recover()
                send(outbox, "initech", intent(key), side, open_gate)
        except (NotDeliveredError, InDoubtError, Killed):
            pass
        assert not (self.refused and side.arrived), "a message went past the gate"
        self.arrived.update(side.arrived)

    @rule()
    def refuse(self) -> None:
        happen(self.store, REFUSAL)
        self.refused = True

    @rule()
    def look(self) -> None:
        with run(self.store, clock) as outbox:
            for each in outbox.deliveries():
                if each.state == "in doubt":
                    outbox.settle(each, "sent" if self.arrived[each.key] else "failed", "looked")

    @rule()
    def undo(self) -> None:
        try:
            self.store.change(lambda entries: undoing(last_changes(entries, 1)), NOW)
        except UsageError:
            return
        self.refused = any(
            event["type"] == "rejection"
            for each in folded(self.store.entries()).opportunities.values()
            for event in each.data["events"]
        )

    @rule()
    def back_up(self) -> None:
        self.backups += 1
        self.store.backup(self.path / f"{self.backups}.db")

    @rule()
    def restore(self) -> None:
        if not self.backups:
            return
        with self.store.alone():
            self.store.restore(self.path / f"{self.backups}.db", carrying_over(self.store.entries()), NOW)
        self.refused = any(entry.data.get("type") == "rejection" for entry in self.store.entries())

    @rule()
    def reconcile(self) -> None:
        self.store.change(lambda _: reconciling([]), NOW)

    @invariant()
    def nothing_arrives_twice_and_nothing_is_lost(self) -> None:
        if not hasattr(self, "store"):
            return
        assert all(count <= 1 for count in self.arrived.values())
        known = {
            each.key
            for each in deliveries(self.store.entries()).values()
            if each.state not in ("failed", "queued")
        }
        assert set(self.arrived) <= known

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
