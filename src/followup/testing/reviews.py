"""The suite of checks that every review must pass, as a class to subclass; and a lifelike context.

    from followup.plan import Draft
    from followup.testing import ReviewConformance
    from followup_calm import REVIEW

    class TestCalm(ReviewConformance):
        review = REVIEW
        finds = (Draft("Thanks", "Thank you!!"),)
        passes = (Draft("Thanks", "Thank you."),)

pytest then runs each check below; every one says what broke and how to mend it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

from msgspec.structs import replace

from followup.contributions import CONTRIBUTIONS, ContractError
from followup.hookspecs import Review, ReviewContext
from followup.plan import Draft, Finding, Severity
from followup.testing.channels import HOSTILE_TEXTS, composition

__all__ = ["ReviewConformance", "review_context"]


def review_context(**fields: Any) -> ReviewContext:
    """A lifelike context: an inquiry by email, with names and topics. Fields given replace its own."""
    lifelike = {
        "intent": "inquiry",
        "channel": "email",
        "facts": dict(composition().facts),
        "people": ("Dana Whitfield", "Lee Okafor"),
        "known": ("Initech", "Data Engineer", "the warehouse migration"),
    }
    return ReviewContext(**{**lifelike, **fields})


class ReviewConformance:
    """Every check of a review. Subclass it as `Test…`, name your `review`, run pytest.

    `finds` are drafts in which it must find something, `passes` drafts in which it must find nothing;
    `context` is what it knows beside them.
    """

    review: Review
    finds: Sequence[Draft] = ()
    passes: Sequence[Draft] = ()
    context: ReviewContext = review_context()
    _kept: tuple[Review, list[tuple[str, Finding, Draft]]]

    def test_it_is_a_review(self) -> None:
        try:
            CONTRIBUTIONS["followup_reviews"].name_of(self.review)
        except ContractError as refusal:
            raise AssertionError(f"an engine refuses it: {refusal}") from None

    def test_its_title_is_one_line(self) -> None:
        title: object = self.review.title
        fits = isinstance(title, str) and title and title.strip() == title and title.isprintable()
        assert fits, f"the title is {title!r}; say in a few words on one line what it looks for"

    def test_what_it_reads_are_sets_of_names(self) -> None:
        for field in ("intents", "channels"):
            names = getattr(self.review, field)
            fits = isinstance(names, frozenset) and all(isinstance(name, str) for name in names)
            assert fits, (
                f"{field} is {names!r}; give a frozenset of names, empty for all: frozenset({{'email'}})"
            )

    def test_check_gives_findings(self) -> None:
        for what, draft, context in self._readings():
            findings = self._found(what, draft, context)
            kinds = isinstance(findings, (list, tuple)) and all(isinstance(f, Finding) for f in findings)
            assert kinds, (
                f"{what}: check gave {findings!r:.80}; give a tuple of `followup.plan.Finding`, empty for "
                "nothing"
            )

    def test_findings_carry_the_name_of_the_review(self) -> None:
        for what, finding, _ in self._findings():
            assert finding.review == self.review.name, (
                f"{what}: a finding is by {finding.review!r}, the review is named {self.review.name!r}; "
                "write the same name in both"
            )

    def test_findings_have_a_known_severity(self) -> None:
        known = get_args(Severity)
        for what, finding, _ in self._findings():
            assert finding.severity in known, (
                f"{what}: a finding has severity {finding.severity!r}; say one of {', '.join(known)}"
            )

    def test_findings_are_told_in_one_line(self) -> None:
        for what, finding, _ in self._findings():
            text: object = finding.text
            fits = (
                isinstance(text, str) and text.strip() and len(text) <= 500 and not set(text) & {"\n", "\r"}
            )
            assert fits, (
                f"{what}: a finding says {text!r:.60}; say what is wrong in one line of at most 500 letters"
            )

    def test_findings_stand_inside_the_draft(self) -> None:
        for what, finding, draft in self._findings():
            assert _is_inside(finding.where, draft), (
                f"{what}: a finding stands at {finding.where!r}, where the draft has nothing; "
                "write `subject`, `body` or `body:LINE:COLUMN`, counted from 1"
            )

    def test_it_finds_what_it_should(self) -> None:
        for draft in self.finds:
            assert self.review.check(draft, self.context), (
                f"it finds nothing in {draft.subject!r}: {draft.body!r:.80}, which stands in `finds`; "
                "widen the check or mend the list"
            )

    def test_it_passes_what_it_should(self) -> None:
        for draft in self.passes:
            found = self.review.check(draft, self.context)
            assert not found, (
                f"it finds `{found[0].text}` in {draft.subject!r}: {draft.body!r:.80}, which stands in "
                "`passes`; narrow the check or mend the list"
            )

    def test_a_lifelike_draft_gets_no_error(self) -> None:
        given = composition()
        draft = Draft(given.subject, given.body)
        errors = [f.text for f in self.review.check(draft, self.context) if f.severity == "error"]
        assert not errors, (
            f"it keeps a plain, polite inquiry from being sent ({errors[0]}); an error is for what may never "
            "go out: make it a warning"
        )

    def test_it_finds_the_same_again(self) -> None:
        for what, draft, context in self._readings():
            again = self.review.check(draft, context)
            assert list(self.review.check(draft, context)) == list(again), (
                f"{what}: two readings of one draft found different things; use no clock, counter or chance"
            )

    def test_it_works_in_threads(self) -> None:
        readings = [(draft, context) for _, draft, context in self._readings()]
        alone = [list(self.review.check(*reading)) for reading in readings]
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(lambda reading: list(self.review.check(*reading)), readings))
        assert together == alone, (
            "what it finds in several threads differs from what it finds alone; keep nothing between calls"
        )

    def test_it_leaves_its_context_alone(self) -> None:
        for what, draft, context in self._readings():
            before = copy.deepcopy(context)
            self.review.check(draft, context)
            assert context == before, f"{what}: check changed the context; copy what you want to change"

    def test_it_needs_no_facts_and_no_language(self) -> None:
        given = composition()
        bare = ReviewContext(self.context.intent, self.context.channel)
        for what, draft in (
            ("a lifelike draft", Draft(given.subject, given.body)),
            ("an empty one", Draft("", "")),
        ):
            self._found(f"{what} of which nothing is known", draft, bare)

    def _readings(self) -> Iterator[tuple[str, Draft, ReviewContext]]:
        given = composition()
        yield "a lifelike draft", Draft(given.subject, given.body), self.context
        yield "an empty draft", Draft("", ""), self.context
        for number, draft in enumerate((*self.finds, *self.passes), start=1):
            yield f"example {number}", draft, self.context
        for what, text in HOSTILE_TEXTS.items():
            names = {group: {"name": text, "title": text} for group in given.facts}
            yield f"{what} in the draft", Draft(text, f"Dear {text},\n\n{text}"), self.context
            yield (
                f"{what} in the facts",
                Draft(given.subject, given.body),
                replace(self.context, facts=names, people=(text,), known=(text,)),
            )

    def _found(self, what: str, draft: Draft, context: ReviewContext) -> Sequence[Finding]:
        try:
            return self.review.check(draft, context)
        except Exception as error:
            raise AssertionError(
                f"{what}: check raised {error!r}; a draft may hold anything, and a fact may not be there"
            ) from error

    def _findings(self) -> Iterator[tuple[str, Finding, Draft]]:
        """The findings of all readings; a review may be slow, so it reads once for all who ask."""
        kept = vars(self).get("_kept")
        if kept is None or kept[0] is not self.review:
            found = [
                (what, f, draft)
                for what, draft, context in self._readings()
                for f in self._found(what, draft, context)
            ]
            self._kept = kept = (self.review, found)
        yield from kept[1]


def _is_inside(where: str, draft: Draft) -> bool:
    if where in ("subject", "body"):
        return True
    part, _, rest = where.partition(":")
    line, _, column = rest.partition(":")
    if part != "body" or not (line.isascii() and line.isdigit() and column.isascii() and column.isdigit()):
        return False
    lines = draft.body.split("\n")
    return 1 <= int(line) <= len(lines) and 1 <= int(column) <= len(lines[int(line) - 1]) + 1
