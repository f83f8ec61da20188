"""Rule tests as data: `tests.yaml` beside a scenario holds states at moments and what their plans must hold.

No clock is read: each test says its `now`, and may go on to later moments. A moment of which nothing is
expected asserts that nothing is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from typing import TYPE_CHECKING

from followup.plan import Draft
from followup.test_sources import ReviewSource
from followup.testing.comparing import Place, unfound, unmet
from followup.testing.naming import listed, rule_of
from followup.testing.reading import PreparedTest, Scene, prepared_tests, read_tests
from followup.testing.results import Difference, Failure, TestResult

if TYPE_CHECKING:
    from followup.engine import Engine

__all__ = [
    "Difference",
    "Failure",
    "PreparedTest",
    "TestResult",
    "prepared_tests",
    "read_tests",
    "run_test",
    "run_tests",
]


def run_tests(engine: Engine, path: str | PathLike[str]) -> tuple[TestResult, ...]:
    """Run every test of a `tests.yaml`, in its order.

    Raises RuleError when the file itself cannot be used: its form, or a name, state or time in it.
    """
    return tuple(run_test(engine, test) for test in prepared_tests(engine, path))


def run_test(engine: Engine, test: PreparedTest) -> TestResult:
    """Run one test, moment by moment."""
    failures = tuple(failure for scene in test.scenes for failure in _failures(engine, test, scene))
    sources = [scene.source for scene in test.scenes]
    spoken = {rule_of(expected) for source in sources for expected in source.expect}
    spoken |= {name for source in sources for name in listed(source.absent)}
    return TestResult(
        name=test.source.name,
        passed=not failures,
        failures=failures,
        place=test.place,
        rules=tuple(sorted(spoken)),
        advice=listed(test.source.advice),
    )


def _failures(engine: Engine, test: PreparedTest, scene: Scene) -> Iterator[Failure]:
    yield from unmet(engine.plan(scene.state, scene.now), scene, test.document)
    if scene.source.review is not None:
        yield from _misread(engine, test, scene, scene.source.review)


def _misread(engine: Engine, test: PreparedTest, scene: Scene, review: ReviewSource) -> Iterator[Failure]:
    """What the reviews should have found in a text and did not, or should not have."""
    draft = Draft(review.subject, review.body)
    findings = engine.review(
        draft,
        scene.state,
        intent=review.intent,
        channel=review.channel,
        to=review.to,
        now=scene.now,
        key=review.key or None,
        language=review.language,
    )
    wanted = [] if scene.source.finds is None else scene.source.finds
    differences = tuple(unfound(findings, wanted, Place(test.document, scene.path)))
    if differences:
        yield Failure(
            followup=f"review of the text to {review.to}",
            text="",
            at=test.document.place((*scene.path, "review")).short,
            now=scene.now,
            differences=differences,
        )
