"""What the answers of operators and of kinds of conditions must keep alike: no clock, no memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from followup.moments import Moments

__all__ = ["check_same_again", "check_threads", "is_no"]

Ask = Callable[[Any, Any], Any]
"""What `holds` answers to a question: the two things that it is asked about."""


def is_no(answer: Any) -> bool:
    """What counts as no: False, and no moment at all."""
    return answer.is_never if isinstance(answer, Moments) else answer is False


def check_same_again(ask: Ask, questions: Iterable[tuple[Any, Any]]) -> None:
    """Raises AssertionError where a question is answered in two ways."""
    for subject, other in questions:
        first, second = ask(subject, other), ask(subject, other)
        assert first == second, (
            f"holds gave {first!r:.60}, then {second!r:.60} for {subject!r:.60}; use no clock, counter or "
            "chance"
        )


def check_threads(ask: Ask, questions: Iterable[tuple[Any, Any]]) -> None:
    """Raises AssertionError where several threads get other answers than one alone."""
    asked = list(questions) * 3
    alone = [ask(*question) for question in asked]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda question: ask(*question), asked))
    assert together == alone, (
        "answers given in several threads differ from those given alone; keep nothing between calls"
    )
