"""The kit for deliverers: a sound one passes it against a real server, and each check catches its fault."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace

from followup import Draft, InDoubtError, NotDeliveredError, Outgoing, Receipt
from followup.delivery import Commit
from followup.testing import DelivererConformance
from followup.testing.conformance import checks_of
from followup.testing.mail import TAKE_AND_CUT, MailServer

PASSWORD = "open sesame"
DRAFT = Draft("Any news?", "Dear Dana, is there any news?")


class Post:
    """Sends to one server, step by step. What a broken one does otherwise, it does in one of its methods."""

    channel = "post"

    def __init__(self, server: MailServer) -> None:
        self.server = server

    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        if not draft.body:
            raise NotDeliveredError("there are no words to send", permanent=True)
        identity = f"<{sha256(f'{key} {draft.body}'.encode()).hexdigest()}@souza.example>"
        content = f"Message-ID: {identity}\r\nDate: {now:%a, %d %b %Y}\r\n\r\n{draft.body}\r\n"
        return Outgoing(channel=self.channel, key=key, content=content, account="the post", identity=identity)

    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        with smtplib.SMTP(self.server.host, self.server.port, "localhost") as smtp:
            smtp.ehlo()
            for command, wanted in (("MAIL FROM:<a@b.c>", 250), ("RCPT TO:<d@e.f>", 250), ("DATA", 354)):
                self.expect(smtp, command, wanted)
            try:
                self.ask(commit)
            except BaseException:
                smtp.close()
                raise
            smtp.send(outgoing.content.encode() + b".\r\n")
            return self.answered(smtp, outgoing)

    def ask(self, commit: Commit) -> None:
        commit()

    def expect(self, smtp: smtplib.SMTP, command: str, wanted: int) -> None:
        code, answer = smtp.docmd(command)
        if code != wanted:
            raise NotDeliveredError(self.told(code, answer), permanent=code >= 500)

    def told(self, code: int, answer: bytes) -> str:
        return f"the server refused: {code} {answer.decode().replace(PASSWORD, '…')}"

    def answered(self, smtp: smtplib.SMTP, outgoing: Outgoing) -> Receipt:
        try:
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            raise InDoubtError("the line broke before the answer", identity=outgoing.identity) from None
        said = f"{code} {answer.decode()}"
        return Receipt(channel=self.channel, key=outgoing.key, identity=outgoing.identity, answer=said)

    def find(self, outgoing: Outgoing) -> str:
        return "in the box" if self.server.received else ""


class Kit(DelivererConformance):
    draft = DRAFT
    unsendable = (Draft("Any news?", ""),)
    secrets = (PASSWORD,)
    others = (Draft("Any news?", "Dear Lee, is there any news?"),)
    kind: type = Post
    server: MailServer

    def deliverer(self) -> Any:
        return self.kind(self.server)

    def arrived(self) -> list[Any]:
        return self.server.received

    def refuse(self) -> bool:
        self.server.answers = {"RCPT": f"550 {PASSWORD}, no such mailbox"}
        return True

    def vanish(self) -> bool:
        self.server.answers = {"DATA": TAKE_AND_CUT}
        return True

    def tries(self) -> int:
        return self.server.asked.count("MAIL")


@pytest.fixture
def kit(mail_server: MailServer) -> Kit:
    kit = Kit()
    kit.server = mail_server
    return kit


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    pytest.importorskip("aiosmtpd")
    with MailServer() as server:
        yield server


@pytest.mark.parametrize("check", checks_of(Kit()))
def test_a_sound_deliverer_passes(kit: Kit, check: str) -> None:
    getattr(kit, check)()


# Broken ones


class Nameless(Post):
    channel = "Post Office"


class Hasty(Post):
    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        outgoing = super().prepare(draft, key, now)
        super().deliver(outgoing, commit=lambda: None)
        return outgoing


class OfAnotherKey(Post):
    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        return replace(super().prepare(draft, key, now), key="thanks:r1:dana")


class WithoutWords(Post):
    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        return replace(super().prepare(draft, key, now), content="")


class Careless(Post):
    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        return super().prepare(Draft("", draft.body or "…"), key, now)


class NamedByKey(Post):
    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        return replace(super().prepare(draft, key, now), identity=key)


class Twice(Post):
    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        super().deliver(outgoing, commit=commit)
        return super().deliver(outgoing, commit=lambda: None)


class WithoutIdentity(Post):
    def answered(self, smtp: smtplib.SMTP, outgoing: Outgoing) -> Receipt:
        return replace(super().answered(smtp, outgoing), identity="")


class Uncommitted(Post):
    def ask(self, commit: Commit) -> None:
        pass


class Late(Post):
    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        receipt = super().deliver(outgoing, commit=lambda: None)
        commit()
        return receipt


class Early(Post):
    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        commit()
        return super().deliver(outgoing, commit=lambda: None)


class Wrapping(Post):
    def ask(self, commit: Commit) -> None:
        try:
            commit()
        except OSError as error:
            raise InDoubtError(f"something broke: {error}") from None


class Deaf(Post):
    def ask(self, commit: Commit) -> None:
        with suppress(Exception):
            commit()


class Doubtful(Post):
    def expect(self, smtp: smtplib.SMTP, command: str, wanted: int) -> None:
        if smtp.docmd(command)[0] != wanted:
            raise InDoubtError("who knows what became of it")


class Sure(Post):
    def answered(self, smtp: smtplib.SMTP, outgoing: Outgoing) -> Receipt:
        try:
            return super().answered(smtp, outgoing)
        except InDoubtError as error:
            raise NotDeliveredError(str(error), permanent=False) from None


class DoubtfulWithoutIdentity(Post):
    def answered(self, smtp: smtplib.SMTP, outgoing: Outgoing) -> Receipt:
        return super().answered(smtp, replace(outgoing, identity=""))


class Stubborn(Post):
    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        try:
            return super().deliver(outgoing, commit=commit)
        except (NotDeliveredError, InDoubtError):
            return super().deliver(outgoing, commit=lambda: None)


class Curt(Post):
    def told(self, code: int, answer: bytes) -> str:
        return f"{code}\n{len(answer)}"


class Talkative(Post):
    def told(self, code: int, answer: bytes) -> str:
        return f"the server refused: {code} {answer.decode()}"


class Blind(Post):
    def find(self, outgoing: Outgoing) -> str:
        return ""


class Dreaming(Post):
    def find(self, outgoing: Outgoing) -> str:
        return "in the box"


FAULTS: list[tuple[str, type, str]] = [
    (
        "a_message_of_another_opportunity_has_an_identity_of_its_own",
        NamedByKey,
        "two messages have the identity `inquiry:r1:dana`",
    ),
    ("it_is_a_deliverer", Nameless, "an engine refuses it: the deliverer's name is `'Post Office'`"),
    ("prepare_sends_nothing", Hasty, "something arrived when a draft was prepared"),
    ("prepare_says_all_that_goes_out", OfAnotherKey, "give it the channel `post` and the key"),
    ("prepare_says_all_that_goes_out", WithoutWords, "content is empty"),
    (
        "what_cannot_go_out_is_refused_when_it_is_prepared",
        Careless,
        "raise NotDeliveredError(…, permanent=True)",
    ),
    ("another_process_can_send_what_was_prepared", Twice, "2 messages arrived of one"),
    ("the_receipt_says_what_was_taken", WithoutIdentity, "the receipt's identity is ``"),
    ("commit_is_called_once_and_before_anything_leaves", Uncommitted, "commit was called 0 times"),
    ("commit_is_called_once_and_before_anything_leaves", Late, "call it before the words leave"),
    ("what_commit_raises_is_raised_and_nothing_arrives", Wrapping, "let it through unchanged"),
    ("what_commit_raises_is_raised_and_nothing_arrives", Deaf, "let it through unchanged"),
    ("a_refusal_before_the_words_delivers_nothing", Doubtful, "nothing has left: raise NotDeliveredError"),
    ("a_refusal_before_the_words_delivers_nothing", Early, "call it as late as you can"),
    ("an_answer_that_does_not_come_is_doubt", Sure, "it may have arrived: raise InDoubtError"),
    ("an_answer_that_does_not_come_is_doubt", DoubtfulWithoutIdentity, "the InDoubtError's identity is ``"),
    ("it_never_tries_twice", Stubborn, "the other side was asked 2 times"),
    ("what_failed_is_told_in_a_line_and_in_another_process_too", Curt, "say on one line what happened"),
    ("nothing_shows_a_secret", Talkative, "the error shows secret 1 of `secrets`"),
    ("what_it_finds_was_sent", Blind, "find gives nothing for what was sent"),
    ("what_it_finds_was_sent", Dreaming, "before anything was sent"),
]


@pytest.mark.parametrize(("check", "kind", "sentence"), FAULTS)
def test_a_broken_deliverer_hears_what_broke(kit: Kit, check: str, kind: type, sentence: str) -> None:
    kit.kind = kind
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        getattr(kit, f"test_{check}")()


def test_every_check_has_a_deliverer_that_it_catches() -> None:
    assert {f"test_{check}" for check, _, _ in FAULTS} == set(checks_of(Kit()))


def test_no_check_shows_a_secret_itself(kit: Kit) -> None:
    kit.kind = Talkative
    with pytest.raises(AssertionError) as failed:
        kit.test_nothing_shows_a_secret()
    assert PASSWORD not in str(failed.value)
