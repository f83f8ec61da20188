from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from followup.plan import Draft
from followup.testing import composition, reachable_person
from followup_phone import PhoneChannel

CHANNEL = PhoneChannel()
FOUR_FACTS = {
    "candidate": {"name": "Ana Souza"},
    "company": {"name": "Initech"},
    "position": {"title": "Data Engineer"},
}


def sections(**fields: Any) -> dict[str, str]:
    body = CHANNEL.compose(composition(**fields)).body
    return dict(part.split(":\n", 1) for part in body.split("\n\n") if ":\n" in part)


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+1 312 555 0142", "tel:+13125550142"),
        ("+1 (312) 555-0142", "tel:+13125550142"),
        ("(312) 555-0142", "tel:3125550142"),
        ("+44 (0)20 7946 0018", "tel:+442079460018"),
        ("0044 20 7946 0018", "tel:+442079460018"),
        ("030/901820", "tel:030901820"),
        ("+1.312.555.0142 ext. 7", "tel:+13125550142;ext=7"),
        ("+1 312 555 0142x21", "tel:+13125550142;ext=21"),
    ],
)
def test_a_number_becomes_a_link_that_dials_it(number: str, link: str) -> None:
    person = reachable_person(phone=number)
    assert CHANNEL.reaches(person)
    assert CHANNEL.compose(composition(to=person)).open == link


@pytest.mark.parametrize(
    "number", ["+1 (312) 555-0142", "+44 (0)20 7946 0018", "0044 20 7946 0018", "+49 30 901820 ext. 7"]
)
def test_a_link_is_the_number_that_another_library_reads(number: str) -> None:
    phonenumbers = pytest.importorskip("phonenumbers")
    read = phonenumbers.parse(number, "DE")
    link = CHANNEL.compose(composition(to=reachable_person(phone=number))).open
    assert phonenumbers.parse(link, "US") == read
    assert phonenumbers.is_possible_number(read)


@pytest.mark.parametrize(
    "number",
    [
        None,
        "",
        "555 014",
        "+1 312 555 0142 9999 999",
        "ask at the desk",
        "+1 312 CALL-ME",
        "312 555 0142, 312 555 0143",
        "5550142/5550143",
        "+1 312 555\n0142",
        "+1 312 555 0142\r",
        "++1 312 555 0142",
        "tel:+13125550142;phone-context=evil.example",
        "+1 312 555 0142#21",
        "\u202e+1 312 555 0142",
        "\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
    ],
)
def test_what_is_not_one_number_is_not_called(number: str | None) -> None:
    person = reachable_person(phone=number)
    assert not CHANNEL.reaches(person)
    assert CHANNEL.compose(composition(to=person)).open == ""


def test_four_facts_make_a_whole_script() -> None:
    found = sections(facts=FOUR_FACTS, sections={}, body="")
    assert list(found) == [
        "Opening",
        "Purpose",
        "Interest",
        "Thanks",
        "If somebody else answers",
        "If they are busy",
        "If they name a date",
        "If they say no",
        "If you reach voicemail",
        "Afterwards",
    ]
    assert found["Opening"] == (
        "Hello, Dana Whitfield. This is Ana Souza. I am calling about the Data Engineer position at Initech. "
        "Is this a good moment?"
    )
    assert "call back at a better time" in found["If they are busy"]


def test_a_company_that_ends_with_a_full_stop_gets_no_second_one() -> None:
    facts = {**FOUR_FACTS, "company": {"name": "Example, Inc."}}
    script = CHANNEL.compose(composition(facts=facts)).body
    assert "at Example, Inc. Is this a good moment?" in script
    assert ".." not in script


def test_the_message_may_word_the_purpose_and_bring_a_question() -> None:
    found = sections(sections={"purpose": "I have good news.", "question": "When do you decide?"})
    assert found["Purpose"] == "I have good news."
    assert found["Question"] == "When do you decide?"


def test_somebody_else_is_asked_for_the_person_and_a_better_hour() -> None:
    said = sections()["If somebody else answers"]
    assert "May I speak with Dana Whitfield, please?" in said
    assert "a good time to call again" in said
    assert "My number is +1 312 555 0188." in said


def test_who_says_no_is_thanked_and_asked_for_advice() -> None:
    said = sections()["If they say no"]
    assert said.startswith("Thank you for telling me. I enjoyed getting to know Initech")


@pytest.mark.parametrize("intent", ["decline", "feedback", "negotiate", "offer", "congratulate"])
def test_where_no_answer_is_awaited_nobody_is_prepared_for_one(intent: str) -> None:
    assert {"If they name a date", "If they say no"}.isdisjoint(sections(intent=intent))


def test_voicemail_says_the_number_twice() -> None:
    voicemail = sections()["If you reach voicemail"]
    assert voicemail.count("+1 312 555 0188") == 2
    assert voicemail.count("Ana Souza") == 2


def test_voicemail_without_a_number_asks_for_no_call() -> None:
    assert "number" not in sections(facts=FOUR_FACTS)["If you reach voicemail"]


@pytest.mark.parametrize("intent", ["inquiry", "final", "thanks", "offer", "negotiate"])
def test_interest_is_said_where_it_belongs(intent: str) -> None:
    assert sections(intent=intent)["Interest"].startswith("I remain very interested")


@pytest.mark.parametrize("intent", ["decline", "feedback", "keep-in-touch", "congratulate", "something-new"])
def test_after_a_refusal_nobody_says_that_they_want_the_position(intent: str) -> None:
    assert "interested" not in sections(intent=intent).get("Interest", "")


def test_the_written_message_stands_last() -> None:
    body = CHANNEL.compose(composition(body="I ran Kinesis at the same volume.")).body
    assert body.endswith("In writing, to have at hand:\nI ran Kinesis at the same volume.")


def test_a_written_message_that_the_script_says_already_is_left_out() -> None:
    given = composition(body="Thank you for your time.", sections={})
    assert "In writing" not in CHANNEL.compose(given).body


def test_a_name_that_is_too_long_is_left_out() -> None:
    draft = CHANNEL.compose(composition(to=reachable_person(name="Dana " * 2_000)))
    assert draft.subject == "Call about the Data Engineer position at Initech"
    assert draft.body.startswith("Opening:\nHello. This is Ana Souza.")


def test_names_with_braces_are_only_names() -> None:
    facts = {**FOUR_FACTS, "company": {"name": "{matter} {0} {}"}}
    assert "at {matter} {0} {}." in sections(facts=facts, sections={})["Purpose"]


def test_its_own_script_has_no_findings() -> None:
    assert CHANNEL.review(CHANNEL.compose(composition(facts={}, to=None, sections={}))) == ()


def test_review_names_the_sections_that_are_missing() -> None:
    script = CHANNEL.compose(composition()).body.replace("If you reach voicemail:", "Voicemail:")
    (finding,) = CHANNEL.review(Draft("Call Dana", script))
    assert finding.text == "the script has no section `If you reach voicemail`"


@pytest.mark.parametrize(
    ("draft", "where"), [(Draft("Call", ""), "body"), (Draft("Call\nDana", "x"), "subject")]
)
def test_review_refuses_what_cannot_be_used(draft: Draft, where: str) -> None:
    (finding,) = CHANNEL.review(draft)
    assert (finding.severity, finding.where) == ("error", where)


def test_the_readme_shows_real_output(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    code, output = re.findall(r"```(?:python|text)\n(.*?)```", readme, re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out == output


# Languages


def test_a_german_script_is_german_throughout() -> None:
    person = reachable_person(phone="+49 30 5550143", name="Dr. Jana Müller", salutation="ms")
    draft = CHANNEL.compose(
        composition(to=person, facts=FOUR_FACTS, sections={}, body="", intent="inquiry", language="de")
    )
    assert draft.subject == "Anruf bei Frau Dr. Müller wegen der Stelle als Data Engineer bei Initech"
    assert draft.body.startswith(
        "Begrüßung:\nGuten Tag, Frau Dr. Müller. Hier ist Ana Souza. Ich rufe wegen der"
    )
    english = set(
        re.findall(r"\w+", CHANNEL.compose(composition(facts=FOUR_FACTS, sections={}, body="")).body)
    )
    shared = english & set(re.findall(r"\w+", draft.body))
    assert shared <= {"Ana", "Souza", "Data", "Engineer", "Initech", "was"}
    assert CHANNEL.review(Draft(draft.subject, draft.body, language="de")) == ()


def test_a_german_name_stands_in_the_right_case() -> None:
    person = reachable_person(name="Jan Weber", salutation="mr")
    draft = CHANNEL.compose(composition(to=person, facts=FOUR_FACTS, language="de"))
    assert draft.subject.startswith("Anruf bei Herrn Weber")
    assert "mit Herrn Weber sprechen" in draft.body
    assert "Guten Tag, Herr Weber." in draft.body


def test_in_a_language_that_the_channel_does_not_speak_it_says_nothing_of_its_own() -> None:
    sections = {"purpose": "Gostaria de saber se há novidades."}
    draft = CHANNEL.compose(
        composition(
            sections=sections, body="Prezada Dana,\n\nHá novidades?\n", language="pt", subject="Novidades"
        )
    )
    said = [line for line in draft.body.splitlines() if line and not line.endswith(":")]
    assert said == ["Gostaria de saber se há novidades.", "Prezada Dana,", "Há novidades?"]
    assert CHANNEL.review(Draft(draft.subject, draft.body, language="pt")) == ()
