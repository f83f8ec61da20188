"""What figures say in words, whatever shows them."""

from __future__ import annotations

from collections.abc import Iterator

from followup.cli.timeline_words import length
from followup.retrospect.figures import Figures, Promises, Rate, Step, Waiting
from followup.retrospect.spreads import LEAST_HALF, LEAST_QUARTERS, LEAST_SHARE, Spread
from followup.telling import message_words

__all__ = [
    "DEFINITIONS", "SPREADS", "STEP_WORDS", "asked_words", "channel_words", "fate_words", "half_within_words",
    "intent_title", "length", "median_words", "middle_words", "promise_words", "share_words", "total_words",
]  # fmt: skip

STEP_WORDS = {
    "known": "all",
    "invited": "interview arranged",
    "interviewed": "interview held",
    "offer": "offer",
    "accepted": "accepted",
}
SPREADS = {
    "to_answer": "answer to your message",
    "to_word": "word after an interview",
    "to_decision": "decision",
}
DEFINITIONS = {
    "All": "every opportunity in the store, retired ones too; with a first day, those that began from it on.",
    "Reached": "the opportunities that came to this step or to a later one.",
    "Answer": (
        "a reply, a promise, an offer, a rejection or an invitation. It answers the last message before it "
        "to whom it comes from; one that names nobody, the last message to anybody."
    ),
    "Waiting": "no answer has come yet.",
    "Overtaken": "before an answer came you wrote or met again, or the case was decided.",
    "Median": (
        f"half of those answered took no longer; not given of fewer than {LEAST_HALF}. What still waits is "
        "not in it: read it together with their number."
    ),
    "Middle half": f"between the quarter points of those answered; not given of fewer than {LEAST_QUARTERS}.",
    "Half within": (
        "by when half of all were answered, those waiting and overtaken counted for as long as they were "
        "open (the estimate of Kaplan and Meier); “not yet” where it was fewer than half."
    ),
    "Word after an interview": (
        "from the end of an interview to the first reply, promise, offer, rejection or invitation after it."
    ),
    "Decision": "from the end of the last interview to their offer or rejection.",
    "Within two weeks": (
        "of the messages that are at least two weeks old, how many were answered within two weeks. A "
        f"percentage stands only from {LEAST_SHARE} on, with the bounds that hold the true one 19 times out "
        "of 20 (after Wilson)."
    ),
    "A date that they named": (
        "kept: they spoke by the end of that day; late: after it; broken: not at all; overtaken: you met or "
        "it was decided before."
    ),
}
"""Each figure's name and what it counts."""


def total_words(figures: Figures) -> str:
    """What was counted: `6 opportunities · 12 messages · 1 call · 8 interviews`."""
    return " · ".join(
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (figures.opportunities, "opportunity", "opportunities"),
            (figures.messages, "message", "messages"),
            (figures.calls, "call", "calls"),
            (figures.interviews, "interview held", "interviews held"),
        )
    )


def fate_words(step: Step) -> str:
    """Of those that came no further: `5 open, 2 refused, 1 left`."""
    named = ((step.open, "open"), (step.refused, "refused"), (step.left, "you left"))
    return ", ".join(f"{count} {words}" for count, words in named if count)


def median_words(spread: Spread) -> str:
    """The median; a dash where there are too few for one."""
    return "–" if spread.median is None else length(spread.median)


def middle_words(spread: Spread) -> str:
    """The middle half: `1.2–4.1 days`."""
    return "–" if spread.low is None or spread.high is None else _range(spread.low, spread.high)


def half_within_words(spread: Spread) -> str:
    """By when half of all were answered, those waiting counted too."""
    if spread.half_within is not None:
        return length(spread.half_within)
    return "–" if spread.low is None else "not yet"


def _range(low: float, high: float) -> str:
    number, _, unit = length(low).rpartition(" ")
    same = unit == length(high).rpartition(" ")[2]
    return f"{number if same else length(low)}–{length(high)}"


def share_words(rate: Rate) -> str:
    """How many were answered within two weeks: `3 of 5`; of enough, `8 of 14, 57 % (33–79 %)`."""
    if not rate.old_enough:
        return "–"
    counts = f"{rate.in_time} of {rate.old_enough}"
    if rate.share is None:
        return counts
    value, low, high = (round(100 * part) for part in (rate.share.value, rate.share.low, rate.share.high))
    return f"{counts}, {value} % ({low}–{high})"


def intent_title(intent: str) -> str:
    """An intent as a heading of a row: `thank-you`."""
    if not intent:
        return "not said what for"
    words = message_words([intent])
    return intent if "`" in words else words.removeprefix("an ").removeprefix("a ")


def channel_words(channel: str) -> str:
    """A channel as a heading of a row."""
    return channel or "not said how"


def promise_words(promises: Promises) -> Iterator[str]:
    """How they kept the dates that they named, in pieces."""
    late = promises.days_late
    by = ""
    if len(late) == 1:
        by = f" (by {length(late[0])})"
    elif late:
        by = f" (by {_range(late[0], late[-1])})"
    for count, words in (
        (promises.kept, "kept"),
        (promises.late, f"late{by}"),
        (promises.broken, "broken"),
        (promises.open, "not yet due"),
        (promises.overtaken, "overtaken"),
    ):
        if count:
            yield f"{count} {words}"


def asked_words(waiting: Waiting) -> str:
    """Whom you asked for what: `inquiry to Dana Whitfield by email`."""
    to = f" to {waiting.person}" if waiting.person else ""
    by = f" by {waiting.channel}" if waiting.channel else ""
    return f"{intent_title(waiting.intent)}{to}{by}"
