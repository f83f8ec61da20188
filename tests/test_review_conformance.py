"""The kit for authors of reviews: a sound one passes it, and each check catches the fault that it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from followup.hookspecs import Review, ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing import core_reviews
from followup.testing import ReviewConformance, review_context
from followup.testing.conformance import checks_of


def calm(draft: Draft, context: ReviewContext) -> Sequence[Finding]:
    return (Finding("calm", "warning", "two exclamation marks"),) if "!!" in draft.body else ()


SOUND = Review("calm", calm, title="no shouting")


class Sound(ReviewConformance):
    review = SOUND
    finds = (Draft("Thanks", "Thank you!!"),)
    passes = (Draft("Thanks", "Thank you!"),)


def with_(**fields: Any) -> Sound:
    """The sound kit with a review that differs in these fields."""
    kit = Sound()
    kit.review = replace(SOUND, **fields)
    return kit


def finding(**fields: Any) -> Sound:
    """The sound kit with a review that finds this everywhere."""
    found = Finding(**{"review": "calm", "severity": "warning", "text": "it shouts", **fields})
    return with_(check=lambda draft, context: (found,))


def counting() -> Callable[..., Any]:
    numbers = iter(range(10**9))
    return lambda *_: (Finding("calm", "note", str(next(numbers))),)


def asks_for_a_name(draft: Draft, context: ReviewContext) -> Sequence[Finding]:
    known = context.facts["person"]["name"] in draft.body
    return () if known else (Finding("calm", "note", "no name"),)


def remembers(draft: Draft, context: ReviewContext) -> Sequence[Finding]:
    context.facts["seen"] = True  # type: ignore[index]
    return ()


def no_review() -> Sound:
    kit = Sound()
    kit.review = "calm"  # type: ignore[assignment]
    return kit


@pytest.mark.parametrize("check", checks_of(Sound()))
def test_a_sound_review_passes(check: str) -> None:
    getattr(Sound(), check)()


@pytest.mark.parametrize("review", core_reviews(), ids=lambda review: review.name)
def test_the_cores_own_reviews_keep_the_form_of_findings(review: Review) -> None:
    kit = Sound()
    kit.review = review
    for check in (
        "its_title_is_one_line",
        "findings_carry_the_name_of_the_review",
        "findings_stand_inside_the_draft",
    ):
        getattr(kit, f"test_{check}")()


FAULTS: list[tuple[str, Sound, str]] = [
    ("it_is_a_review", no_review(), "an engine refuses it: gave `'calm'`"),
    ("it_is_a_review", with_(name="Calm Review"), "lower-case letters and digits"),
    ("its_title_is_one_line", with_(title="no\nshouting"), "in a few words on one line"),
    ("what_it_reads_are_sets_of_names", with_(channels="email"), "channels is 'email'; give a frozenset"),
    ("what_it_reads_are_sets_of_names", with_(intents=frozenset({1})), "empty for all"),
    ("check_gives_findings", with_(check=lambda *_: None), "check gave None; give a tuple"),
    ("check_gives_findings", with_(check=lambda *_: ("loud",)), "give a tuple of `followup.plan.Finding`"),
    ("findings_carry_the_name_of_the_review", finding(review="quiet"), "write the same name in both"),
    ("findings_have_a_known_severity", finding(severity="fatal"), "say one of error, warning, note"),
    ("findings_are_told_in_one_line", finding(text="it\nshouts"), "in one line of at most 500 letters"),
    ("findings_are_told_in_one_line", finding(text=" "), "say what is wrong in one line"),
    ("findings_stand_inside_the_draft", finding(where="line 3"), "stands at 'line 3'"),
    ("findings_stand_inside_the_draft", finding(where="body:99:1"), "where the draft has nothing"),
    ("it_finds_what_it_should", with_(check=lambda *_: ()), "which stands in `finds`"),
    ("it_passes_what_it_should", finding(), "which stands in `passes`"),
    ("a_lifelike_draft_gets_no_error", finding(severity="error"), "make it a warning"),
    ("it_finds_the_same_again", with_(check=counting()), "use no clock, counter or chance"),
    ("it_works_in_threads", with_(check=counting()), "keep nothing between calls"),
    ("it_leaves_its_context_alone", with_(check=remembers), "copy what you want to change"),
    ("it_needs_no_facts_and_no_language", with_(check=asks_for_a_name), "a fact may not be there"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "kit", "sentence"), FAULTS)
def test_a_broken_review_hears_what_broke(check: str, kit: Sound, sentence: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        getattr(kit, f"test_{check}")()


def test_every_check_has_a_review_that_it_catches() -> None:
    assert {f"test_{check}" for check, _, _ in FAULTS} == set(checks_of(Sound()))


def test_a_place_at_the_end_of_a_line_is_inside_and_the_one_after_it_is_not() -> None:
    kit = finding(where="body:1:1")
    kit.test_findings_stand_inside_the_draft()
    kit = finding(where="body:1:2")
    with pytest.raises(AssertionError, match="an empty draft: a finding stands at 'body:1:2'"):
        kit.test_findings_stand_inside_the_draft()


def test_a_context_takes_fields_of_your_own() -> None:
    assert review_context(channel="phone").channel == "phone"
    assert review_context().facts["company"]["name"] == "Initech"
