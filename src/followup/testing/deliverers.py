"""The suite of checks that every deliverer must pass, as a class to subclass.

    from followup.testing import DelivererConformance

    class TestPost(DelivererConformance):
        draft = Draft("Any news?", "Dear Dana, is there any news?")
        secrets = ("open sesame",)

        @pytest.fixture(autouse=True)
        def other_side(self, mail_server):
            self.server = mail_server

        def deliverer(self):
            return Post(self.server.host, self.server.port, "open sesame")

        def arrived(self):
            return self.server.received

        def refuse(self):
            self.server.answers = {"RCPT": "550 open sesame, no such mailbox"}
            return True

        def vanish(self):
            self.server.answers = {"DATA": TAKE_AND_CUT}
            return True

The other side has to be a real one, on this machine: `followup.testing.fixtures.mail_server` is one for mail.
pytest then runs each check below; every one says what broke and how to mend it.
"""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from followup.contributions import CONTRIBUTIONS, ContractError
from followup.delivery import Deliverer, Finder, Outgoing, Receipt
from followup.errors import DeliveryError, InDoubtError, NotDeliveredError
from followup.plan import Draft

__all__ = ["DelivererConformance"]

KEY = "inquiry:r1:dana"
Given = TypeVar("Given")
NOW = datetime(2026, 9, 22, 15, tzinfo=UTC)


class _Stopped(Exception):  # noqa: N818 (no error: the caller's way to stop)
    """What a caller's `commit` raises."""


class DelivererConformance:
    """Every check of a deliverer. Subclass it as `Test…`, name a `draft` and the other side, run pytest.

    `deliverer` makes one for this test's other side, and `arrived` gives what that has taken. `refuse` makes
    it say no before it has a word, `vanish` makes it break off once it has all words and has not answered
    yet; leave out what there is not. `tries` counts how often it was asked to take something. `unsendable`
    are drafts that cannot go out, `secrets` what no error, receipt or message may show. `others` are drafts
    of other opportunities, where a follow-up may have the same key.
    """

    draft: Draft
    unsendable: Sequence[Draft] = ()
    secrets: Sequence[str] = ()
    others: Sequence[Draft] = ()

    def deliverer(self) -> Deliverer:
        """A new deliverer to this test's other side."""
        raise NotImplementedError

    def arrived(self) -> Sequence[object]:
        """What the other side has taken so far."""
        raise NotImplementedError

    def refuse(self) -> bool:
        """Let the other side say no from now on, before it has a word. False: there is no such thing."""
        return False

    def vanish(self) -> bool:
        """Let it take all words from now on and break off unanswered. False: there is no such thing."""
        return False

    def tries(self) -> int:
        """How often it was asked to take something."""
        return len(self.arrived())

    def test_it_is_a_deliverer(self) -> None:
        try:
            CONTRIBUTIONS["followup_deliverers"].name_of(self.deliverer())
        except ContractError as refusal:
            raise AssertionError(f"an engine refuses it: {refusal}") from None

    def test_prepare_sends_nothing(self) -> None:
        self._prepared()
        assert not self.arrived(), "something arrived when a draft was prepared; send in `deliver` alone"

    def test_prepare_says_all_that_goes_out(self) -> None:
        outgoing: object = self._prepared()
        assert isinstance(outgoing, Outgoing), f"prepare gave {outgoing!r:.60}; give an `Outgoing`"
        channel = self.deliverer().channel
        assert (outgoing.channel, outgoing.key) == (channel, KEY), (
            f"the `Outgoing` is of {outgoing.channel}, {outgoing.key}; give it the channel `{channel}` and "
            "the key that `prepare` was called with"
        )
        assert outgoing.content.strip(), "content is empty; give all of the message, for people to look at"
        assert outgoing.account.strip(), "account is empty; say in words by what it goes out"

    def test_what_cannot_go_out_is_refused_when_it_is_prepared(self) -> None:
        for draft in self.unsendable:
            error = _raised(lambda draft=draft: self.deliverer().prepare(draft, KEY, NOW))  # type: ignore[misc]
            assert isinstance(error, NotDeliveredError) and error.permanent, (  # noqa: PT018
                f"prepare gave {error!r:.80} for a draft of `unsendable`; raise NotDeliveredError(…, "
                "permanent=True)"
            )

    def test_a_message_of_another_opportunity_has_an_identity_of_its_own(self) -> None:
        outgoing = self._prepared()
        for other in self.others:
            identity = self.deliverer().prepare(other, KEY, NOW).identity
            assert identity != outgoing.identity or not identity, (
                f"two messages have the identity `{identity}`; two opportunities may have one key, and "
                "the second would not be sent: make it of the key and of what goes out"
            )

    def test_another_process_can_send_what_was_prepared(self) -> None:
        kept = msgspec.json.encode(self._prepared())
        self.deliverer().deliver(msgspec.json.decode(kept, type=Outgoing), commit=_nothing)
        assert len(self.arrived()) == 1, (
            f"{len(self.arrived())} messages arrived of one that was kept and given to a new deliverer; "
            "keep nothing between `prepare` and `deliver`"
        )

    def test_the_receipt_says_what_was_taken(self) -> None:
        outgoing = self._prepared()
        receipt: object = self.deliverer().deliver(outgoing, commit=_nothing)
        assert isinstance(receipt, Receipt), f"deliver gave {receipt!r:.60}; give a `Receipt`"
        said = (receipt.channel, receipt.key)
        assert said == (outgoing.channel, outgoing.key), (
            f"the receipt is of {said}; give it those of the `Outgoing`"
        )
        assert receipt.identity == outgoing.identity or not outgoing.identity, (
            f"the receipt's identity is `{receipt.identity}`, the message's `{outgoing.identity}`; give the "
            "same"
        )

    def test_commit_is_called_once_and_before_anything_leaves(self) -> None:
        seen: list[int] = []
        self.deliverer().deliver(self._prepared(), commit=lambda: seen.append(len(self.arrived())))
        assert len(seen) == 1, f"commit was called {len(seen)} times; call it exactly once"
        assert seen == [0], "the message had arrived when commit was called; call it before the words leave"

    def test_what_commit_raises_is_raised_and_nothing_arrives(self) -> None:
        for stop in (
            _Stopped("a refusal came in"),
            ConnectionError("the store is away"),
            KeyboardInterrupt(),
        ):
            error = self._delivered(_raising(stop))[0]
            assert error is stop, (
                f"commit raised {stop!r}, and deliver {error!r:.80}; let it through unchanged, and call "
                "commit outside of your own `try`"
            )
            assert not self.arrived(), f"commit raised {stop!r}, and the message arrived; drop the connection"

    def test_a_refusal_before_the_words_delivers_nothing(self) -> None:
        if not self.refuse():
            return
        error, committed = self._delivered()
        assert isinstance(error, NotDeliveredError), (
            f"the other side refused, and deliver gave {error!r:.80}; nothing has left: raise "
            "NotDeliveredError"
        )
        assert not committed, "commit was called before the other side agreed; call it as late as you can"
        assert not self.arrived(), "the other side refused, and a message arrived"

    def test_an_answer_that_does_not_come_is_doubt(self) -> None:
        outgoing = self._prepared()
        if not self.vanish():
            return
        error, _ = self._delivered(outgoing=outgoing)
        assert isinstance(error, InDoubtError), (
            f"the other side broke off after the words, and deliver gave {error!r:.80}; it may have "
            "arrived: raise InDoubtError"
        )
        assert error.identity == outgoing.identity, (
            f"the InDoubtError's identity is `{error.identity}`; give the message's, `{outgoing.identity}`"
        )

    def test_it_never_tries_twice(self) -> None:
        for fails in (self.refuse, self.vanish):
            if fails():
                before = self.tries()
                _, committed = self._delivered()
                tried = self.tries() - before
                assert tried <= 1 and len(committed) <= 1, (  # noqa: PT018
                    f"the other side was asked {max(tried, len(committed))} times; a person decides "
                    "whether to try again"
                )

    def test_what_failed_is_told_in_a_line_and_in_another_process_too(self) -> None:
        for error in self._errors():
            text = str(error)
            assert len(text.split()) >= 3 and text.isprintable(), (  # noqa: PT018
                f"the error says {text!r}; say on one line what happened"
            )
            again = pickle.loads(pickle.dumps(error))
            assert (type(again), str(again), vars(again)) == (type(error), text, vars(error)), (
                f"{error!r:.80} is another error after pickle; raise those of `followup` themselves"
            )

    def test_nothing_shows_a_secret(self) -> None:
        outgoing = self._prepared()
        shown = [
            ("message", repr(outgoing)),
            ("receipt", repr(self.deliverer().deliver(outgoing, commit=_nothing))),
        ]
        shown += [("error", "".join(traceback.format_exception(error))) for error in self._errors()]
        for what, text in shown:
            for number, secret in enumerate(self.secrets, 1):
                assert secret not in text, (
                    f"the {what} shows secret {number} of `secrets`; take it out of what you tell, also of "
                    "what the other side said, and raise `from None`"
                )

    def test_what_it_finds_was_sent(self) -> None:
        deliverer, outgoing = self.deliverer(), self._prepared()
        if not isinstance(deliverer, Finder):
            return
        found = deliverer.find(outgoing)
        assert not found, f"find gives {found!r:.60} before anything was sent; give an empty text"
        self.deliverer().deliver(outgoing, commit=_nothing)
        found = deliverer.find(outgoing)
        assert found, "find gives nothing for what was sent; say where it is"

    def _prepared(self) -> Outgoing:
        return self.deliverer().prepare(self.draft, KEY, NOW)

    def _delivered(
        self, commit: Callable[[], None] | None = None, outgoing: Outgoing | None = None
    ) -> tuple[BaseException | Receipt, list[None]]:
        """What deliver raised or gave, and the calls of commit."""
        committed: list[None] = []
        prepared = outgoing or self._prepared()
        called = commit or (lambda: committed.append(None))
        return _raised(lambda: self.deliverer().deliver(prepared, commit=called)), committed

    def _errors(self) -> list[DeliveryError]:
        """What is raised for each way in which the other side fails."""
        outgoing = self._prepared()
        raised = [self._delivered(outgoing=outgoing)[0] for fails in (self.refuse, self.vanish) if fails()]
        return [error for error in raised if isinstance(error, DeliveryError)]


def _nothing() -> None:
    return None


def _raising(stop: BaseException) -> Callable[[], None]:
    def commit() -> None:
        raise stop

    return commit


def _raised(call: Callable[[], Given]) -> BaseException | Given:
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 (whatever it is, the check tells of it)
        return error
