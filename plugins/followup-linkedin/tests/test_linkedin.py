from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.plan import Draft
from followup.testing import composition, reachable_person, review_context
from followup_linkedin import LinkedInChannel
from followup_linkedin.fitting import REVIEW

CHANNEL = LinkedInChannel()
LONG_BODY = """Dear Dana Whitfield,

Thank you for the conversation on Friday about the warehouse migration. I enjoyed it very much. Dr. Smith \
has asked how I would run e.g. Kafka, and I have looked into it since. I would be glad to stay in touch.

Kind regards
Ana Souza
ana@souza.example
+1 312 555 0188"""


def note(**fields: Any) -> Draft:
    return CHANNEL.compose(composition(intent="connect", **{"sections": {}, **fields}))


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://www.linkedin.com/in/dana-whitfield", "https://www.linkedin.com/in/dana-whitfield"),
        ("https://linkedin.com/in/dana-whitfield/", "https://linkedin.com/in/dana-whitfield"),
        ("https://uk.linkedin.com/in/dana/en-gb", "https://uk.linkedin.com/in/dana"),
        ("HTTPS://WWW.LinkedIn.com/in/Dana", "https://www.linkedin.com/in/Dana"),
        ("https://www.linkedin.com/in/zo%C3%AB-m", "https://www.linkedin.com/in/zo%C3%AB-m"),
        ("https://www.linkedin.com/in/zoë-m", "https://www.linkedin.com/in/zo%C3%AB-m"),
    ],
)
def test_a_profile_page_is_opened(address: str, page: str) -> None:
    person = reachable_person(linkedin=address)
    assert CHANNEL.reaches(person)
    assert CHANNEL.compose(composition(to=person)).open == page


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "dana-whitfield",
        "http://www.linkedin.com/in/dana",
        "https://www.linkedin.com/company/initech",
        "https://www.linkedin.com/in/",
        "https://www.linkedin.com.evil.example/in/dana",
        "https://evil-linkedin.com/in/dana",
        "https://lin\u212aedin.com/in/dana",
        "https://user@www.linkedin.com/in/dana",
        "https://www.linkedin.com:8443/in/dana",
        "https://www.linkedin.com/in/dana?next=https://evil.example",
        "https://www.linkedin.com/in/dana#x",
        "https://www.linkedin.com/in/../redir",
        "https://www.linkedin.com/in/%2e%2e",
        "https://www.linkedin.com/in/a%2Fb",
        "https://www.linkedin.com/in/a%ffb",
        "https://evil.example\\@www.linkedin.com/in/dana",
        "https://www.linkedin.com/in/dana\n",
        "https://www.linkedin.com/in/da\u200bna",
        " https://www.linkedin.com/in/dana",
        "javascript:alert(1)//https://www.linkedin.com/in/dana",
    ],
)
def test_nothing_else_is_opened(address: str | None) -> None:
    person = reachable_person(linkedin=address)
    assert not CHANNEL.reaches(person)
    assert CHANNEL.compose(composition(to=person)).open == ""


def test_a_note_takes_the_short_text() -> None:
    draft = note(sections={"short": "Thank you for our talk.\nI would be glad to connect."}, body=LONG_BODY)
    assert draft == Draft(
        "",
        "Thank you for our talk. I would be glad to connect.",
        "https://www.linkedin.com/in/dana-whitfield",
    )


def test_a_long_note_keeps_greeting_whole_sentences_and_name() -> None:
    assert note(body=LONG_BODY).body == (
        "Dear Dana Whitfield, Thank you for the conversation on Friday about the warehouse migration. "
        "I enjoyed it very much. Kind regards Ana Souza ana@souza.example +1 312 555 0188"
    )


def test_a_sign_off_makes_room_for_a_sentence_and_leaves_the_name() -> None:
    body = f"Dear Dana,\n\n{'Thank you very much. ' * 8}\n\nKind regards\nAna Souza\nana@souza.example"
    shortened = note(body=body).body
    assert shortened.endswith("Thank you very much. Ana Souza")
    assert utf16(shortened) <= 200


def test_an_abbreviation_ends_no_sentence() -> None:
    body = f"It was good to meet Dr. {'W' * 190} and you. Thank you."
    assert "Dr." not in note(body=body).body


def test_a_line_break_within_a_paragraph_ends_no_sentence() -> None:
    body = f"Dear Dana,\n\nThank you. I have looked\ninto {'it ' * 70}since.\n\nKind regards\nAna Souza"
    assert note(body=body).body == "Dear Dana, Thank you. Kind regards Ana Souza"


def test_where_no_sentence_fits_the_note_is_a_bare_polite_one() -> None:
    assert note(body="word " * 100).body == (
        "Hello Dana Whitfield, thank you for your time. I would be glad to connect. Ana Souza"
    )


def test_the_polite_note_leaves_out_a_name_that_does_not_fit() -> None:
    draft = note(body="x" * 201, to=reachable_person(name="Dana " * 40))
    assert draft.body == "Thank you for your time. I would be glad to connect. Ana Souza"


def test_what_was_shortened_is_attached_whole_and_said() -> None:
    draft = note(body=LONG_BODY)
    (attachment,) = draft.attachments
    assert LONG_BODY in attachment.text
    assert [finding.severity for finding in CHANNEL.review(draft)] == ["warning"]


def test_an_emoji_counts_as_the_site_counts_it() -> None:
    assert utf16(note(body="\U0001f389" * 100).body) == 200
    assert note(body="\U0001f389" * 101).attachments


def told(**own: Any) -> dict[str, Any]:
    """The facts of a composition, with what the state says under `linkedin`."""
    return {**composition().facts, "linkedin": own}


def test_a_premium_account_has_longer_notes() -> None:
    body = "Thank you for your time. " * 10
    assert note(body=body, facts=told(account="premium")).body == body.strip()
    assert len(note(body=body, facts=told(account="free")).body) <= 200
    assert len(note(body=body, facts=told(account="gold")).body) <= 200


def test_a_message_to_a_contact_has_room_and_no_subject() -> None:
    body = "Thank you for your time. " * 200
    draft = CHANNEL.compose(composition(body=body, facts=told(connected=True)))
    assert (draft.subject, draft.body) == ("", body.strip())
    assert CHANNEL.review(draft) == ()


def test_to_anybody_else_it_is_an_inmail() -> None:
    for facts in (told(connected=False), told()):
        draft = CHANNEL.compose(composition(body="Thank you for your time. " * 200, facts=facts))
        assert draft.subject
        assert utf16(draft.body) <= 1_900


@pytest.mark.parametrize(
    ("draft", "intent", "own", "severity", "said"),
    [
        (Draft("", "x" * 201), "connect", {}, "error", "as a connection note the site takes 200"),
        (Draft("", "x" * 301), "connect", {"account": "premium"}, "error", "takes 300"),
        (Draft("", "x" * 1_901), "inquiry", {}, "error", "as an InMail the site takes 1900"),
        (Draft("News", "Thanks."), "inquiry", {"connected": True}, "warning", "a message has no subject"),
        (Draft("News", "Thanks."), "inquiry", {"connected": False}, "warning", "a free account cannot write"),
    ],
)
def test_a_draft_of_ones_own_is_held_to_what_it_is_on_the_site(
    draft: Draft, intent: str, own: dict[str, Any], severity: str, said: str
) -> None:
    (finding,) = REVIEW.check(draft, review_context(intent=intent, channel="linkedin", facts=told(**own)))
    assert finding.severity == severity
    assert said in finding.text


@pytest.mark.parametrize(
    ("draft", "intent", "own"),
    [
        (Draft("", "x" * 300), "connect", {"account": "premium"}),
        (Draft("", "x" * 8_000), "inquiry", {"connected": True}),
        (Draft("News", "x" * 1_900), "inquiry", {"connected": False, "account": "premium"}),
    ],
)
def test_what_fits_is_passed_over(draft: Draft, intent: str, own: dict[str, Any]) -> None:
    assert REVIEW.check(draft, review_context(intent=intent, channel="linkedin", facts=told(**own))) == ()


def test_a_message_keeps_its_paragraphs() -> None:
    assert CHANNEL.compose(composition(body=LONG_BODY)).body == LONG_BODY


def test_a_message_that_is_too_long_loses_whole_sentences() -> None:
    body = f"Dear Dana,\n\n{'Thank you for your time. ' * 100}\n\nKind regards\nAna Souza"
    draft = CHANNEL.compose(composition(body=body))
    assert draft.body.endswith("Thank you for your time.\n\nKind regards\nAna Souza")
    assert 1_850 < utf16(draft.body) <= 1_900
    assert [finding.severity for finding in CHANNEL.review(draft)] == ["warning"]


def test_a_message_without_sentences_is_cut_between_words_and_refused() -> None:
    draft = CHANNEL.compose(composition(body="word " * 1_000))
    assert draft.body.endswith("word …")
    assert [finding.severity for finding in CHANNEL.review(draft)] == ["error"]


@given(body=st.text(max_size=500) | st.text("aB. \n,!\U0001f389", max_size=600), short=st.text(max_size=300))
def test_no_note_is_longer_than_the_site_takes(body: str, short: str) -> None:
    draft = note(body=body, sections={"short": short})
    assert 0 < utf16(draft.body) <= 200
    assert "\n" not in draft.body


@given(
    st.lists(st.sampled_from(["Thank you.", "Is it so?", "I was glad to meet you and to talk!"]), max_size=60)
)
def test_a_shortened_note_is_made_of_whole_sentences(sentences: list[str]) -> None:
    body = note(body="\n".join(sentences)).body
    assert not sentences or " ".join(sentences).startswith(body)


@pytest.mark.parametrize(
    ("draft", "severity", "where"),
    [
        (Draft("", ""), "error", "body"),
        (Draft("x" * 201, "Thank you."), "error", "subject"),
        (Draft("a\nb", "Thank you."), "error", "subject"),
        (Draft("News", "x" * 1_901), "error", "body"),
        (Draft("", "x" * 8_001), "error", "body"),
    ],
)
def test_review_says_what_the_site_does_not_take(draft: Draft, severity: str, where: str) -> None:
    (finding,) = CHANNEL.review(draft)
    assert (finding.severity, finding.where) == (severity, where)


def test_the_readme_shows_real_output() -> None:
    root = Path(__file__).parents[3]
    page = root / "plugins" / "followup-linkedin" / "README.md"
    ran = subprocess.run([sys.executable, root / "docs" / "console.py", "--check", page], check=False)
    assert ran.returncode == 0


# Languages


def test_where_a_german_text_does_not_fit_the_polite_sentence_is_german() -> None:
    draft = note(body="Ohne einen Punkt " * 40, language="de")
    assert draft.body.startswith("Guten Tag Dana Whitfield, vielen Dank für Ihre Zeit.")


def test_in_a_language_that_the_channel_does_not_speak_it_says_nothing_of_its_own() -> None:
    draft = note(body="Sem ponto final " * 40, language="pt")
    assert draft.body.startswith("Sem ponto final")
    assert "Thank you" not in draft.body
