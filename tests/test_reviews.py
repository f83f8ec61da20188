"""Reviews: planted faults are found, each with its place and what to do; clean drafts are left alone."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import EXAMPLES, INTERVIEW, builtin_engine, engine_of, rule, sent, state, time

from followup import Draft, Engine, Finding, InterviewState, UsageError

SUBJECT = "Thank you: Data Engineer interview"
BODY = """Dear Dana Whitfield,

Thank you for the conversation on Tuesday. I enjoyed hearing how your team moves its warehouse.

Kind regards,
Ana Souza
ana@souza.example
"""


@cache
def engine() -> Engine:
    return builtin_engine()


def reviewed(body: str = BODY, subject: str = SUBJECT, intent: str = "thanks") -> tuple[Finding, ...]:
    return engine().review(Draft(subject, body), state(INTERVIEW), intent=intent, channel="email")


def test_a_good_draft_has_no_findings() -> None:
    assert reviewed() == ()


@pytest.mark.parametrize(
    ("old", "new", "review", "where", "suggestion"),
    [
        ("Thank you for", "Thankyou recieve for", "proofread", "body:3:10", "receive"),
        ("the conversation", "the the conversation", "proofread", "body:3:15", "leave one out"),
        ("on Tuesday.", "on [your day].", "proofread", "body:3:35", "fill it in"),
        ("on Tuesday.", "on {{ day }}.", "proofread", "body:3:35", "fill it in"),
        ("on Tuesday.", "on TODO.", "proofread", "body:3:35", "fill it in"),
        ("Tuesday. I", "Tuesday. i", "proofread", "body:3:44", "write `I`"),
        ("Tuesday.", "Tuesday .", "proofread", "body:3:42", "remove it"),
        ("your team moves", "Initeck moves", "names", "body:3:66", "Initech"),
        ("Ana Souza", "Ana Souzza", "names", "body:6:5", "Souza"),
        ("Dear Dana Whitfield,", "Dear ,", "formal", "body:1:1", "Dear"),
        ("Dear Dana Whitfield,\n\n", "", "formal", "body:1:1", "begin with"),
        ("Kind regards,\n", "", "formal", "body:6:1", "Kind regards"),
        ("ana@souza.example\n", "", "contact-details", "body:5:1", "ana@souza.example"),
        ("Kind regards,", "word " * 200 + "\n\nKind regards,", "concise", "body:5:921", "leave out"),
        ("Kind regards,", "More.\n\n" * 6 + "Kind regards,", "concise", "body:13:1", "join"),
    ],
    ids=lambda value: " ".join(value.split())[:30],
)
def test_a_planted_fault_is_found_in_its_place(
    old: str, new: str, review: str, where: str, suggestion: str
) -> None:
    assert BODY.count(old) == 1
    found = [f for f in reviewed(BODY.replace(old, new)) if f.review == review and f.where == where]
    assert found, reviewed(BODY.replace(old, new))
    assert any(suggestion in finding.suggestion for finding in found)


@pytest.mark.parametrize(
    ("subject", "severity"), [("", "error"), ("   ", "error"), ("Hi", "warning"), ("Follow up", "warning")]
)
def test_a_subject_that_says_nothing_is_found(subject: str, severity: str) -> None:
    [finding] = [f for f in reviewed(subject=subject) if f.where == "subject"]
    assert (finding.review, finding.severity) == ("subject", severity)
    assert "Data Engineer" in finding.suggestion


def test_words_that_may_stand_twice_are_left_alone() -> None:
    assert reviewed(BODY.replace("I enjoyed", "I had had doubts that that work paid, and enjoyed")) == ()


def test_an_unknown_channel_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="email"):
        engine().review(Draft(SUBJECT, BODY), state(INTERVIEW), intent="thanks", channel="emial")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a-",
        "a.",
        "{{",
        "${",
        "\n",
        "%a",
        "a@",
        "[",
        "XX ",
        "A ",
        "1 ",
        "(1",
        "a a ",
        "Dear ",
        ". ",
        " ,",
        "!",
    ],
)
def test_no_text_is_too_odd_to_be_read(piece: str) -> None:
    assert len(reviewed(piece * (20_000 // len(piece)))) < 1_000


def test_a_greeting_with_odd_spaces_is_read_too() -> None:
    found = reviewed(BODY.replace("Dear Dana Whitfield,", "Dear  first   name ,"))
    assert ("formal", "error", "body:1:7") in [(f.review, f.severity, f.where) for f in found]


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_can_be_reviewed(body: str, subject: str) -> None:
    lines = body.split("\n")
    for finding in reviewed(body, subject):
        assert finding.text
        assert finding.suggestion
        kind, *numbers = finding.where.split(":")
        assert kind in ("subject", "body")
        if numbers:
            line, column = map(int, numbers)
            assert 1 <= column <= len(lines[line - 1]) + 1


@pytest.mark.parametrize("channels", ["plain", "installed"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_drafts_of_the_examples_have_no_findings(path: Path, channels: str) -> None:
    given = InterviewState.from_yaml(path)
    last = max(event.at for event in given.events)
    for days in (0, 1, 3, 8, 15, 30):
        plan = installed(channels).plan(given, last + timedelta(days=days))
        for followup in plan.followups:
            if followup.draft is not None:
                assert followup.findings == (), followup.key


@pytest.mark.parametrize("culture", ["formal", "relaxed"])
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("noted", ["nothing", "topics", "everything"])
@pytest.mark.parametrize("came", ["nothing", "promise", "offer", "rejection", "declined"])
def test_the_messages_have_no_findings_whatever_is_known(
    culture: str, language: str, noted: str, came: str
) -> None:
    given = state(
        {**INTERVIEW, **NOTED[noted]},
        *CAME[came],
        candidate={"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC", **STRONG[noted]},
        company={"name": "Initech", "timezone": "UTC", "culture": culture, "language": language},
    )
    for days in (0, 1, 6, 8, 15, 30):
        plan = engine().plan(given, time("2026-09-15T12:00") + timedelta(days=days))
        for followup in plan.followups:
            # The planner tells that a message is not translated; and all parts together are long indeed.
            may_be = {"language", "concise"} if followup.parts else {"language"}
            assert [f for f in followup.findings if f.review not in may_be] == [], followup.key


NOTED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "topics": {"topics": {"dana": ["the warehouse migration"], "lee": ["the on-call rota"]}},
    "everything": {
        "topics": {"dana": ["the warehouse migration"], "lee": ["the on-call rota"]},
        "questions": ["how the team splits its work"],
        "concerns": [{"about": "no production Kafka", "evidence": "I ran Kinesis", "gap": True}],
        "mistakes": [{"said": "the migration took two weeks", "correction": "it took five"}],
    },
}
STRONG: dict[str, dict[str, Any]] = {
    "nothing": {},
    "topics": {"strengths": ["led a team of five"]},
    "everything": {"strengths": ["led a team of five"], "distinction": "I have run the team and its rota"},
}
CAME: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "promise": [{"type": "promise", "at": "2026-09-15T11:00Z", "by": "2026-09-18", "who": "hr"}],
    "offer": [{"type": "offer", "at": "2026-09-20T10:00Z", "from": "hr", "unclear": ["the start date"]}],
    "rejection": [{"type": "rejection", "at": "2026-09-20T10:00Z", "from": "hr"}],
    "declined": [
        {"type": "offer", "at": "2026-09-18T10:00Z"},
        {"type": "declined", "at": "2026-09-20T10:00Z", "reason": "I have accepted another position"},
    ],
}


@cache
def installed(channels: str) -> Engine:
    return builtin_engine() if channels == "plain" else Engine.load()


def test_a_draft_is_read_with_what_is_known_of_its_person() -> None:
    body = BODY.replace("Dear Dana Whitfield", "Dear Lee")
    assert reviewed(body) == ()
    [finding] = engine().review(
        Draft(SUBJECT, body), state(INTERVIEW), intent="thanks", channel="email", to="dana"
    )
    assert (finding.review, finding.severity, finding.where) == ("names", "error", "body:1:6")
    assert finding.text == "the greeting names Lee Okafor; it goes to Dana Whitfield"
    assert finding.suggestion == "write `Dana Whitfield`"


def test_a_draft_is_read_beside_the_other_drafts_of_its_plan() -> None:
    given, now = state(INTERVIEW), time("2026-09-15T12:00")
    lees = engine().plan(given, now)["thank-you:r1:lee"].draft
    assert lees is not None
    copied = Draft(lees.subject, lees.body.replace("Lee Okafor", "Dana Whitfield"))
    found = engine().review(copied, given, intent="thanks", channel="email", key="thank-you:r1:dana", now=now)
    assert [(f.review, f.severity) for f in found] == [("tailored", "warning")]
    assert "Lee Okafor" in found[0].text


def test_what_was_sent_before_is_not_sent_again() -> None:
    given = state(
        INTERVIEW, sent("2026-09-15T14:00Z", "lee", text=BODY.replace("Dana Whitfield", "Lee Okafor"))
    )
    found = engine().review(Draft(SUBJECT, BODY), given, intent="thanks", channel="email", to="dana")
    assert [f.text for f in found] == [
        "nearly the same as what you sent to Lee Okafor on Tuesday, 15 September"
    ]


def test_a_company_of_another_opportunity_is_an_error() -> None:
    elsewhere = state(INTERVIEW, company={"name": "Globex"})
    body = BODY.replace("your team moves", "Globex moves")
    found = engine().review(
        Draft(SUBJECT, body), state(INTERVIEW), intent="thanks", channel="email", others=[elsewhere]
    )
    assert [(f.review, f.severity, f.text) for f in found] == [
        ("names", "error", "it names Globex, not Initech")
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"to": "dan"}, "nobody with the id `dan`; did you mean `dana`?"),
        ({"key": "thank-you:r1:dan"}, "no follow-up has the key `thank-you:r1:dan`; did you mean"),
        ({"language": "xx"}, "no language has the code `xx`"),
    ],
)
def test_what_a_review_asks_for_must_be_there(arguments: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        engine().review(Draft(SUBJECT, BODY), state(INTERVIEW), intent="thanks", channel="email", **arguments)  # type: ignore[arg-type]


# What an error does to a plan


def engine_that_says(body: str, **more: Any) -> Engine:
    """One rule that thanks the lead by mail, in these words."""
    return engine_of(
        {"thank": rule(intent="thanks", **more)},
        messages={"thank": f'---\nsubject: "{SUBJECT}"\n---\n{body}'},
    )


def test_an_error_keeps_a_draft_from_being_sent() -> None:
    planned = engine_that_says(BODY.replace("on Tuesday", "on [day]")).plan(
        state(INTERVIEW), time("2026-09-15T12:00")
    )
    thanks = planned["thank:r1:dana"]
    assert (thanks.status, thanks.needs) == ("blocked", ("draft",))
    assert thanks.draft is not None
    [reason] = [reason for reason in thanks.reasons if reason.kind == "review"]
    assert (reason.name, reason.text) == (
        "proofread",
        "a placeholder is left: `[day]` (body:3:35); fill it in",
    )
    assert planned.due == ()


def test_a_warning_does_not() -> None:
    planned = engine_that_says(BODY.replace("I enjoyed", "I realy enjoyed")).plan(
        state(INTERVIEW), time("2026-09-15T12:00")
    )
    assert planned["thank:r1:dana"].status == "due"
    assert [f.severity for f in planned["thank:r1:dana"].findings] == ["warning"]


def test_what_is_not_due_yet_keeps_its_status_and_shows_the_error() -> None:
    planned = engine_that_says(BODY.replace("on Tuesday", "on [day]"), wait="1 week").plan(
        state(INTERVIEW), time("2026-09-15T12:00")
    )
    assert planned["thank:r1:dana"].status == "scheduled"
    assert "error" in [f.severity for f in planned["thank:r1:dana"].findings]


def test_without_drafts_nothing_is_reviewed() -> None:
    planned = engine_that_says(BODY.replace("on Tuesday", "on [day]")).plan(
        state(INTERVIEW), time("2026-09-15T12:00"), drafts=False
    )
    assert planned["thank:r1:dana"].status == "due"


def test_two_notes_of_one_plan_that_are_too_alike_are_found_on_both() -> None:
    planned = engine_that_says("{{ greeting }}\n\n" + BODY.partition("\n\n")[2], to="each interviewer").plan(
        state(INTERVIEW), time("2026-09-15T12:00")
    )
    found = {f.key: [finding.text for finding in f.findings] for f in planned.due}
    assert found == {
        "thank:r1:dana": ["nearly the same as the one to Lee Okafor"],
        "thank:r1:lee": ["nearly the same as the one to Dana Whitfield"],
    }


def test_a_note_to_yourself_is_yours() -> None:
    note = Draft("", "TODO: call the the dudes!!!")
    assert engine().review(note, state(INTERVIEW), intent="task", channel="self") == ()


def test_a_plan_shows_what_its_reviews_found() -> None:
    people = {"dana": {"name": "DANA WHITFIELD", "email": "d@initech.example"}, "lee": {}}
    plan = engine().plan(state(INTERVIEW, people=people), time("2026-09-15T12:00"))
    [finding] = plan["thank-you:r1:dana"].findings
    assert (finding.review, finding.where) == ("formal", "body:1:6")
    assert "DANA WHITFIELD" in finding.text


def test_a_language_without_lists_is_read_only_for_what_needs_no_words(tmp_path: Path) -> None:
    folder = tmp_path / "eo"
    folder.mkdir()
    (folder / "language.yaml").write_text(
        "format: 1\nlanguage: eo\nname: Esperanto\n"
        "weekdays: [lundo, mardo, merkredo, ĵaŭdo, vendredo, sabato, dimanĉo]\n"
        "months: [januaro, februaro, marto, aprilo, majo, junio, julio, aŭgusto, septembro, oktobro, "
        "novembro, decembro]\n"
        'day: "{day} {month}"\ntime: "{day}, {hour}:{minute}"\nlists: {between: ", ", last: " kaj "}\n'
        "phrases:\n  greeting: Estimata {{ person.name }},\n"
        "  signature: |\n    Salutojn\n    {{ candidate.name }}\n",
        encoding="utf-8",
    )
    draft = Draft("Dankon", "Estimata Dana Whitfield,\n\ndankon pro la tempo.\n\nSalutojn\nAna Souza")
    told = builtin_engine(rules=[tmp_path]).review(
        draft,
        state(INTERVIEW, company={"name": "Initech", "language": "eo"}),
        intent="thanks",
        channel="email",
        to="dana",
        language="eo",
    )
    assert not {finding.review for finding in told} & {"subject", "proofread"}
