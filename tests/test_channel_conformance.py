"""The kit for channel authors: a sound channel passes it, and each check catches the fault that it is for."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from followup.channels import Channel, Composition, Direction, Limits
from followup.plan import Attachment, Draft, Finding
from followup.state import Person
from followup.testing import ChannelConformance, composition, reachable_person

HIDDEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"


class Letter:
    """A sound channel: a letter, to people whose email is a single word with one `@`."""

    name: str = "letter"
    label: str = "Letter"
    direction: Direction = "employer"
    limits: Limits = Limits(subject=100, body=2_000)
    address_field: str = "email"

    def reaches(self, person: Person) -> bool:
        return bool(re.fullmatch(r"[a-z.]+@[a-z.]+", person.email or ""))

    def compose(self, composition: Composition) -> Draft:
        subject = " ".join(re.sub(HIDDEN, " ", composition.subject).split())[:100]
        return Draft(subject, re.sub(HIDDEN, " ", composition.body)[:2_000])

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        return () if draft.body else (Finding("letter", "error", "the letter is empty"),)


class SoundLetter(ChannelConformance):
    channel: Channel = Letter()
    reachable = (reachable_person(),)
    unreachable = (reachable_person(email="dana"),)


def checks() -> list[str]:
    return [name for name in dir(ChannelConformance) if name.startswith("test_")]


@pytest.mark.parametrize("check", checks())
def test_a_sound_channel_passes(check: str) -> None:
    getattr(SoundLetter(), check)()


def with_(**fields: Any) -> Channel:
    """The sound letter with other attributes."""
    broken: Channel = type("Broken", (Letter,), fields)()
    return broken


def composing(change: Callable[[Draft, Composition], Any]) -> Channel:
    """The sound letter whose drafts are changed before they leave."""

    def compose(self: Letter, composition: Composition) -> Any:
        return change(Letter.compose(self, composition), composition)

    return with_(compose=compose)


def reviewing(result: Any) -> Channel:
    return with_(review=lambda self, draft: result)


def replaced(**fields: Any) -> Channel:
    return composing(lambda draft, _: msgspec.structs.replace(draft, **fields))


def counting() -> Iterator[int]:
    yield from range(10**9)


class Loose(Draft, frozen=False):  # type: ignore[misc]
    """A draft that can be changed."""


class NoReview:
    name, label, direction, limits, address_field = "letter", "Letter", "employer", Limits(), "email"
    reaches, compose = Letter.reaches, Letter.compose


class Moody(Letter):
    """Reaches everybody every second time."""

    def __init__(self) -> None:
        self.asked = counting()

    def reaches(self, person: Person) -> bool:
        return next(self.asked) % 2 == 0


class Numbered(Letter):
    """Numbers its letters."""

    def __init__(self) -> None:
        self.written = counting()

    def compose(self, composition: Composition) -> Draft:
        return Draft(composition.subject, f"Letter {next(self.written)}")


def attached(*names: str) -> Channel:
    return replaced(attachments=tuple(Attachment(name, "text/plain", "words") for name in names))


def greeting_by_fact(draft: Draft, given: Composition) -> Draft:
    return Draft(draft.subject, f"Dear {given.facts.get('person', {}).get('name', '')},")


def note_in_facts(draft: Draft, given: Composition) -> Draft:
    given.facts["seen"] = True  # type: ignore[index]
    return draft


FAULTS: list[tuple[str, Any, str]] = [
    ("it_has_all_of_a_channel", NoReview(), "has no review"),
    ("its_name_is_a_plain_word", with_(name="My Letter"), "cannot stand in rules"),
    ("its_label_is_one_line", with_(label="Letter\n"), "write a short name on one line"),
    ("its_label_is_one_line", with_(label=""), "cannot be shown"),
    ("its_direction_is_known", with_(direction="sideways"), "write one of employer, self"),
    ("its_limits_are_limits", with_(limits=200), "give `followup.channels.Limits`"),
    ("its_limits_are_limits", with_(limits=Limits(body=0)), "limits.body is 0"),
    ("its_limits_are_limits", with_(limits=Limits(intents=("thanks",))), "give a frozenset"),  # type: ignore[arg-type]
    ("its_address_field_belongs_to_a_person", with_(address_field="fax"), "no field of a person"),
    ("reaches_answers_yes_or_no", with_(reaches=lambda self, person: person.email), "answer True or False"),
    ("reaches_answers_yes_or_no", Moody(), "then False for the same person"),
    ("it_reaches_whom_it_should", with_(reaches=lambda self, person: False), "stands in `reachable`"),
    ("it_does_not_reach_whom_it_should_not", with_(reaches=lambda self, person: True), "in `unreachable`"),
    ("it_reaches_nobody_without_an_address", with_(reaches=lambda self, person: True), "nothing is known"),
    (
        "it_reaches_nobody_by_a_broken_address",
        with_(reaches=lambda self, person: "@" in (person.email or "")),
        "whose email holds",
    ),
    ("compose_gives_a_frozen_draft", composing(lambda draft, _: draft.body), "give `followup.plan.Draft`"),
    (
        "compose_gives_a_frozen_draft",
        composing(lambda _, given: given.sections["purpose"]),
        "compose raised Key",
    ),
    ("compose_gives_a_frozen_draft", replaced(attachments=[]), "attachments a tuple"),
    (
        "compose_gives_a_frozen_draft",
        composing(lambda draft, _: Loose(draft.subject, draft.body)),
        "the draft can be changed",
    ),
    ("compose_gives_the_same_draft_again", Numbered(), "two different drafts"),
    ("compose_leaves_its_composition_alone", composing(note_in_facts), "copy what you want to change"),
    ("compose_works_in_threads", Numbered(), "keep nothing between calls"),
    ("a_short_message_keeps_its_words", replaced(body="Dear Dana"), "the draft lost the words Ana"),
    ("drafts_keep_within_the_limits", replaced(body="x" * 2_001), "the body has 2001 characters"),
    ("drafts_keep_within_the_limits", replaced(subject="x" * 101), "limits.subject is 100"),
    ("the_subject_is_one_clean_line", replaced(subject="Thanks\r\nBcc: all"), "the subject holds U+000A"),
    ("the_body_hides_nothing", replaced(body="gpj\u202e.exe"), "the body holds U+202E"),
    ("the_link_opens_a_known_program", replaced(open="javascript:alert(1)"), "give https:, mailto: or tel:"),
    ("the_link_opens_a_known_program", replaced(open="mailto:a b"), "percent-encoded"),
    ("attachments_can_be_saved", attached("../letter.txt"), "is no safe file name"),
    ("attachments_can_be_saved", attached("a.txt", "a.txt"), "two attachments share a name"),
    ("attachments_can_be_saved", replaced(attachments=("a.txt",)), "is no `followup.plan.Attachment`"),
    ("compose_needs_no_sections_or_facts", composing(greeting_by_fact), "`Dear ,` stands in the draft"),
    ("drafts_can_be_written_as_json", replaced(body="\ud83d"), "cannot be written as JSON"),
    ("review_gives_findings", reviewing([]), "give a tuple of `followup.plan.Finding`"),
    ("review_gives_findings", reviewing((Finding("a", "fatal", "b"),)), "severity 'fatal'"),  # type: ignore[arg-type]
    ("review_gives_findings", reviewing((Finding("a", "note", "b", "line 3"),)), "stands at 'line 3'"),
    (
        "a_lifelike_draft_passes_its_own_review",
        reviewing((Finding("letter", "error", "it is too plain"),)),
        "refuses compose's own draft (it is too plain)",
    ),
]


@pytest.mark.parametrize(("check", "channel", "sentence"), FAULTS)
def test_a_broken_channel_hears_what_broke(check: str, channel: Any, sentence: str) -> None:
    kit = SoundLetter()
    kit.channel = channel
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        getattr(kit, f"test_{check}")()


def test_every_check_has_a_channel_that_it_catches() -> None:
    assert {f"test_{check}" for check, _, _ in FAULTS} == set(checks())


def test_a_channel_that_rewords_may_leave_words_out() -> None:
    kit = SoundLetter()
    kit.channel = replaced(body="in short: thanks")
    kit.rewords = True
    kit.test_a_short_message_keeps_its_words()


def test_a_channel_to_yourself_may_reach_anybody() -> None:
    kit = SoundLetter()
    kit.channel = with_(direction="self", reaches=lambda self, person: True)
    kit.test_it_reaches_nobody_without_an_address()


def test_only_intents_that_the_channel_carries_are_composed() -> None:
    def compose(self: Letter, composition: Composition) -> Draft:
        assert composition.intent == "thanks"
        return Letter.compose(self, composition)

    kit = SoundLetter()
    kit.channel = with_(limits=Limits(intents=frozenset({"thanks"})), compose=compose)
    kit.test_compose_gives_a_frozen_draft()


def test_a_composition_takes_fields_of_your_own() -> None:
    assert composition(intent="thanks").intent == "thanks"
    assert composition().to == reachable_person()
    assert reachable_person(email=None).email is None


def test_the_kit_needs_no_pytest() -> None:
    program = "import sys, followup.testing.channels; sys.exit('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
