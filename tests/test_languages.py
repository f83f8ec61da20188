"""Languages: greeting, signature, days and lists in one place, and a new language is only a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import INTERVIEW, PEOPLE, Plain, PlainChannels, builtin_engine, state, time

from followup import Draft, FollowUp, Plan
from followup.choosing import wording_index
from followup.engine import Engine
from followup.errors import InputError, Problem
from followup.rules import Message

ROOT = Path(__file__).parent.parent
SCENARIO = """\
format: 1
scenario: mine
rules:
  hello: {intent: inquiry, after: interview, to: contact, via: [email]}
"""


def engine_with(folder: Path, message: str) -> Engine:
    (folder / "mine" / "messages").mkdir(parents=True)
    (folder / "mine" / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (folder / "mine" / "messages" / "hello.md").write_text(message, "utf-8")
    return Engine.load([folder], builtin=False, plugins=False)


def problems(folder: Path, message: str) -> tuple[Problem, ...]:
    try:
        engine_with(folder, message)
    except InputError as error:
        return error.problems
    return ()


# Phrases


def test_a_message_needs_what_the_phrases_in_it_need(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, "---\nsubject: Hello\n---\n{{ greeting }}\n\nHello.\n\n{{ signature }}\n")
    message = engine.rules["hello"].message
    assert message is not None
    assert message.needs["body"] == {"person.name", "candidate.name"}
    assert "candidate.phone" in message.uses["body"]


def test_a_problem_below_a_phrase_keeps_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "---\nsubject: Hello\n---\n{{ greeting }}\n\n{{ compny.name }}\n")
    assert (problem.code, problem.place.line) == ("unknown-fact", 6)


@pytest.mark.parametrize("text", ["{{ greeting | upper }}", "{% if greeting %}x{% endif %}"])
def test_a_phrase_stands_alone(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, f"---\nsubject: Hello\n---\nHello.\n{text}\n")
    assert (problem.code, problem.place.line) == ("phrase-alone", 5)
    assert problem.cure == "write `{{ greeting }}`"


def test_a_loop_may_not_hide_a_phrase(tmp_path: Path) -> None:
    text = "{% for greeting in topics %}{{ greeting }}{% endfor %}"
    (problem,) = problems(tmp_path, f"---\nsubject: Hello\n---\nHello.\n{text}\n")
    assert (problem.code, problem.place.line) == ("template", 5)
    assert "`greeting` is a phrase" in problem.text


def test_a_misspelt_phrase_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "---\nsubject: Hello\n---\n{{ greting }}\n")
    assert problem.code == "unknown-fact"
    assert "did you mean `greeting`?" in problem.cure


# How a noted text stands in a sentence

ENGLISH = Engine.load(builtin=False, plugins=False).languages["en"]


@pytest.mark.parametrize(
    ("text", "inside", "whole", "direct"),
    [
        ("The on-call rota that depends on it.", "the on-call rota that depends on it", False, False),
        ("Your team is growing", "your team is growing", True, False),
        ("They use dbt.", "they use dbt", True, False),
        ("Why Kafka was dropped", "why Kafka was dropped", False, False),
        ("Kafka", "Kafka", False, False),
        ("No production Kafka.", "no production Kafka", False, False),
        ("On-call rota", "on-call rota", False, False),
        ("Moved a warehouse", "moved a warehouse", False, False),
        ("I led a team of five", "I led a team of five", True, False),
        ("Do you use Kafka?", "do you use Kafka", False, True),
        ("How do you deploy?", "how do you deploy", False, True),
        ("How long does it take?", "how long does it take", False, True),
        ("what it is like", "what it is like", False, False),
        ("how the team splits its work", "how the team splits its work", False, False),
    ],
)
def test_a_noted_text_is_a_few_words_or_a_sentence_or_a_question(
    text: str, inside: str, whole: bool, direct: bool
) -> None:
    filters = ENGLISH.filters
    assert filters["inside"](text) == inside
    assert (filters["whole"](text), filters["direct"](text)) == (whole, direct)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a and b", "c"], "a and b, and c"),
        (["a, b", "c", "d"], "a, b; c; and d"),
        (["a", "they are moving"], "a; they are moving"),
    ],
)
def test_a_list_in_words_can_be_read_whatever_its_items_hold(items: list[str], words: str) -> None:
    assert ENGLISH.sentence(items) == words


@pytest.mark.parametrize(("code", "words"), [("en", "2 March 2026"), ("de", "2. März 2026")])
def test_the_date_of_a_letter_is_written_as_the_language_does(code: str, words: str) -> None:
    assert builtin_engine().languages[code].date_in_words(date(2026, 3, 2)) == words


# What is wrong with a language


def changed(line: str, new: str) -> str:
    text = (ROOT / "rules" / "languages" / "en" / "language.yaml").read_text("utf-8")
    assert line in text
    return text.replace("language: en", "language: xx").replace(line, new)


def language_problems(folder: Path, text: str, name: str = "xx") -> Iterator[tuple[str, int]]:
    (folder / name).mkdir()
    (folder / name / "language.yaml").write_text(text, "utf-8")
    try:
        Engine.load([folder], builtin=False, plugins=False)
    except InputError as error:
        yield from ((problem.code, problem.place.line) for problem in error.problems)


@pytest.mark.parametrize(
    ("line", "new", "code", "at"),
    [
        ("  - March\n", "", "value", "  - January"),
        ("Monday, Tuesday", "Tuesday", "value", "weekdays:"),
        ("{weekday}, {day} {month}", "{wekday}", "language-pattern", "day:"),
        ("{day} at", "{weekday} at", "language-pattern", "time:"),
        ("{month} {year}", "{weekday} {year}", "language-pattern", "date:"),
        ("  greeting: >-", "  salute: >-", "language-phrase", "  salute:"),
        ("  signature: |", "  Signature!: |", "language-phrase", "  Signature!:"),
        ("Dear {{ person.name }},", "Dear {{ person.nam }},", "unknown-fact", "  greeting:"),
        ("Dear {{ person.name }},", "{% include 'x' %}", "template", "  greeting:"),
        ('last: " and "', 'lst: " and "', "unknown-key", "lists:"),
        ("  signature: |", "  stage: x\n  signature: |", "language-phrase", "  stage:"),
        ("format: 1", "format: 9", "format-newer", "format:"),
    ],
)
def test_what_is_wrong_with_a_language_is_told_at_its_line(
    tmp_path: Path, line: str, new: str, code: str, at: str
) -> None:
    text = changed(line, new)
    expected = 1 + next(n for n, each in enumerate(text.splitlines()) if each.startswith(at))
    assert (code, expected) in list(language_problems(tmp_path, text))


def test_the_folder_of_a_language_has_its_code_as_its_name(tmp_path: Path) -> None:
    assert list(language_problems(tmp_path, changed("x", "x"), "yy")) == [("language-folder", 3)]


def test_a_language_that_is_a_link_out_of_its_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "secret.yaml").write_text(changed("x", "x"), "utf-8")
    (tmp_path / "xx" / "language.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(InputError) as told:
        Engine.load([tmp_path], builtin=False, plugins=False)
    assert [problem.code for problem in told.value.problems] == ["file-outside"]


def test_a_language_that_exists_already_is_refused(tmp_path: Path) -> None:
    for home in ("one", "two"):
        (tmp_path / home / "xx").mkdir(parents=True)
        (tmp_path / home / "xx" / "language.yaml").write_text(changed("x", "x"), "utf-8")
    with pytest.raises(InputError) as told:
        Engine.load([tmp_path / "one", tmp_path / "two"], builtin=False, plugins=False)
    assert [(problem.code, problem.place.line) for problem in told.value.problems] == [
        ("duplicate-language", 3)
    ]


def test_without_the_built_in_rules_a_language_of_ones_own_takes_the_place_of_theirs(tmp_path: Path) -> None:
    text = changed("name: English", "name: English, mine").replace("language: xx", "language: en")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "language.yaml").write_text(text, "utf-8")
    engine = Engine.load([tmp_path], builtin=False, plugins=False)
    assert engine.languages["en"].name == "English, mine"


# Who is greeted how


def planned(
    *events: Plain, at: str = "2026-09-15T12:00", person: Plain | None = None, **changes: Any
) -> Plan:
    """The built-in rules' plan for Ana's interview; `person` changes what is known of Dana."""
    people = {**PEOPLE, "dana": {**PEOPLE["dana"], **(person or {})}}
    return builtin_engine().plan(state(*(events or (INTERVIEW,)), people=people, **changes), time(at))


def draft_of(plan: Plan, key: str) -> Draft:
    draft = plan[key].draft
    assert draft is not None
    return draft


@pytest.mark.parametrize(
    ("language", "person", "culture", "greeting"),
    [
        ("en", {}, None, "Dear Dana Whitfield,"),
        ("en", {}, "formal", "Dear Dana Whitfield,"),
        ("en", {}, "relaxed", "Hi Dana,"),
        ("en", {"salutation": "ms"}, None, "Dear Ms. Whitfield,"),
        ("en", {"salutation": "mr"}, None, "Dear Mr. Whitfield,"),
        ("en", {"salutation": "neutral"}, None, "Dear Dana Whitfield,"),
        ("en", {"title": "Dr.", "salutation": "ms"}, None, "Dear Dr. Whitfield,"),
        ("en", {"name": "Dr. Dana Whitfield"}, None, "Dear Dr. Whitfield,"),
        ("en", {"name": "Dr. Dana Whitfield"}, "relaxed", "Hi Dana,"),
        ("en", {"name": "Dr. Whitfield"}, "relaxed", "Dear Dr. Whitfield,"),
        ("en", {"name": "Kim Min-jun", "family_name": "Kim", "salutation": "mr"}, None, "Dear Mr. Kim,"),
        ("de", {}, None, "Guten Tag Dana Whitfield,"),
        ("de", {}, "relaxed", "Hallo Dana,"),
        ("de", {"salutation": "ms"}, None, "Sehr geehrte Frau Whitfield,"),
        ("de", {"salutation": "mr", "name": "Jan van der Berg"}, None, "Sehr geehrter Herr van der Berg,"),
        ("de", {"salutation": "ms", "name": "Dr. Jana Müller"}, None, "Sehr geehrte Frau Dr. Müller,"),
        ("de", {"salutation": "ms", "title": "Prof. Dr."}, None, "Sehr geehrte Frau Prof. Dr. Whitfield,"),
        ("de", {"name": "Dr. Alex Müller"}, None, "Guten Tag Dr. Alex Müller,"),
        ("de", {"title": "Dr."}, None, "Guten Tag Dr. Dana Whitfield,"),
    ],
)
def test_a_person_is_greeted_as_is_known_of_them(
    language: str, person: Plain, culture: str | None, greeting: str
) -> None:
    company = {"name": "Initech", "timezone": "UTC", "language": language, "culture": culture}
    draft = draft_of(planned(person=person, company=company), "thank-you:r1:dana")
    assert draft.language == language
    assert draft.body.splitlines()[0] == greeting


@pytest.mark.parametrize("language", ["en", "de"])
def test_without_a_name_the_draft_is_blocked_and_names_it(language: str) -> None:
    company = {"name": "Initech", "timezone": "UTC", "language": language, "culture": "relaxed"}
    found = planned(person={"name": None}, company=company)["thank-you:r1:dana"]
    assert (found.status, found.needs, found.draft) == ("blocked", ("people.dana.name",), None)


# Which language


def test_the_persons_language_comes_before_the_companys() -> None:
    company = {"name": "Initech", "timezone": "UTC", "language": "de"}
    plan = planned(person={"language": "en"}, company=company)
    assert draft_of(plan, "thank-you:r1:dana").language == "en"
    assert draft_of(plan, "thank-you:r1:lee").language == "de"


@pytest.mark.parametrize("written", ["de", "DE", "de-AT", "de_CH"])
def test_a_language_is_known_by_its_code_however_it_is_written(written: str) -> None:
    plan = planned(person={"language": written})
    assert draft_of(plan, "thank-you:r1:dana").language == "de"
    assert plan.notes == ()


def test_an_unknown_language_falls_back_to_english_and_says_so() -> None:
    plan = planned(person={"language": "dd"})
    assert draft_of(plan, "thank-you:r1:dana").language == "en"
    (note,) = plan.notes
    told = "people.dana.language is `dd`, a language that is not loaded; drafts are in English; known: de, en"
    assert note == told


def test_days_and_the_last_word_of_a_list_are_those_of_the_language() -> None:
    interview = {**INTERVIEW, "topics": {"dana": ["Die Rufbereitschaft", "das Lager"]}}
    draft = draft_of(planned(interview, person={"language": "de"}), "thank-you:r1:dana")
    assert "am Dienstag, 15. September," in draft.body
    assert "die Rufbereitschaft und das Lager" in draft.body
    assert "Mit freundlichen Grüßen\nAna Souza\nana@souza.example\n" in draft.body


def test_a_task_for_yourself_is_in_your_own_language() -> None:
    events = (
        INTERVIEW,
        {"type": "sent", "at": "2026-09-15T12:00Z", "to": "dana", "intent": "thanks"},
        {"type": "sent", "at": "2026-09-22T12:00Z", "to": "dana", "intent": "inquiry"},
        {"type": "sent", "at": "2026-09-29T12:00Z", "to": "dana", "intent": "final"},
    )
    you = {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC", "language": "de"}
    plan = planned(*events, at="2026-10-14T10:00", candidate=you)
    assert draft_of(plan, "move-on:r1:self").subject == "Fall abschließen: Data Engineer bei Initech"


# A language is only a folder

INVENTED = """\
format: 1
language: qx
name: Quexish
weekdays: [uno, dua, tria, kvara, kvina, sesa, sepa]
months: [m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12]
day: "{month} {day}, {weekday}"
time: "{day} {hour}{minute}"
lists: {last: " kaj "}
phrases:
  greeting: Salun {{ person.name }},
  signature: |
    Vale
    {{ candidate.name }}
"""
THANKS = """\
---
subject: Dankon {{ position.title }}
---
{{ greeting }}

Dankon{% if occasion.day %} {{ occasion.day }}{% endif %}, {{ company.name }}.

{% if parts %}
{{ parts | join(" ") }}

{% endif %}
{{ signature }}
"""


def invented(folder: Path, *, scenario: str = "after-interview", message: str = THANKS) -> Engine:
    home = folder / "qx"
    (home / scenario).mkdir(parents=True)
    (home / "language.yaml").write_text(INVENTED, "utf-8")
    (home / scenario / "thank-you.md").write_text(message, "utf-8")
    return Engine.load([folder], plugins=False, extra_plugins=[("plain", PlainChannels())])


def spoken_to_dana(engine: Engine, **interview: Any) -> FollowUp:
    people = {**PEOPLE, "dana": {**PEOPLE["dana"], "language": "qx"}}
    return engine.plan(state({**INTERVIEW, **interview}, people=people), time("2026-09-15T12:00"))[
        "thank-you:r1:dana"
    ]


def test_a_new_language_is_a_folder_and_nothing_else(tmp_path: Path) -> None:
    found = spoken_to_dana(invented(tmp_path))
    assert found.draft is not None
    assert (found.draft.language, found.draft.subject) == ("qx", "Dankon Data Engineer")
    assert found.draft.body == ("Salun Dana Whitfield,\n\nDankon m9 15, dua, Initech.\n\nVale\nAna Souza\n")


def test_a_draft_is_never_mixed(tmp_path: Path) -> None:
    found = spoken_to_dana(invented(tmp_path), questions=["who is on call"])
    assert found.parts == ("open-questions:r1:dana",)
    assert found.draft is not None
    assert found.draft.language == "en"
    assert "Dankon" not in found.draft.body
    (finding,) = [finding for finding in found.findings if finding.review == "language"]
    assert (finding.severity, finding.text) == (
        "warning",
        "not all of its words exist in Quexish, so that it is in English",
    )


def test_a_note_in_another_language_than_the_draft_is_told() -> None:
    you = {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC"}
    english = {**you, "strengths": ["led a team of five people"]}
    german = {**you, "strengths": ["ein Team von fünf Leuten geführt"]}
    for candidate, language, expected in (
        (english, "de", 1),
        (german, "de", 0),
        (german, "en", 1),
        (english, "en", 0),
    ):
        found = planned(person={"language": language}, candidate=candidate)["thank-you:r1:dana"]
        told = [finding.text for finding in found.findings if finding.review == "language"]
        assert len(told) == expected, (language, told)
    assert planned(person={"language": "de"}, candidate=english)["thank-you:r1:dana"].status == "due"


def test_a_scenario_may_hold_its_own_translations(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "messages" / "de"
    folder.mkdir(parents=True)
    (tmp_path / "mine" / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (folder.parent / "hello.md").write_text("{{ greeting }}\n", "utf-8")
    (folder / "hello.md").write_text("{{ greeting }}\n\nguten Tag.\n", "utf-8")
    message = Engine.load([tmp_path], builtin=False, plugins=False).rules["hello"].message
    assert message is not None
    assert message.translations["de"].templates["body"] == "{{ greeting }}\n\nguten Tag.\n"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["hello.2.md"], ()),
        (["hullo.2.md"], "message-alone"),
        (["de/hullo.md"], "message-alone"),
        (["de/hello.2.md"], "message-alone"),
    ],
)
def test_a_version_belongs_to_a_message_that_there_is(tmp_path: Path, files: list[str], code: str) -> None:
    folder = tmp_path / "mine" / "messages"
    (folder / "de").mkdir(parents=True)
    for file in files:
        (folder / file).write_text("Hello.\n", "utf-8")
    found = problems_in(tmp_path, "Hello.\n")
    assert [problem.code for problem in found] == ([code] if code else [])


def problems_in(folder: Path, message: str) -> tuple[Problem, ...]:
    (folder / "mine" / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (folder / "mine" / "messages" / "hello.md").write_text(message, "utf-8")
    try:
        return Engine.load([folder], builtin=False, plugins=False).problems
    except InputError as error:
        return error.problems


def test_a_version_may_not_need_more_than_the_first(tmp_path: Path) -> None:
    (tmp_path / "mine" / "messages").mkdir(parents=True)
    text = "Hello.\n\n{{ topics | sentence }}\n"
    (tmp_path / "mine" / "messages" / "hello.2.md").write_text(text, "utf-8")
    (problem,) = problems_in(tmp_path, "Hello.\n")
    assert problem.code == "version-needs"
    assert Path(problem.place.file).name == "hello.2.md"
    assert "{% if topics %}" in problem.cure


def test_messages_in_a_language_that_is_not_loaded_are_told(tmp_path: Path) -> None:
    (tmp_path / "mine" / "messages" / "pt").mkdir(parents=True)
    (problem,) = problems_in(tmp_path, "Hello.\n")
    assert (problem.code, problem.severity) == ("unknown-language", "warning")


def test_messages_for_a_scenario_that_does_not_exist_are_told(tmp_path: Path) -> None:
    (problem,) = invented(tmp_path, scenario="after-intervew").problems
    assert (problem.code, problem.severity) == ("language-scenario", "warning")
    assert "did you mean `after-interview`?" in problem.cure


# Wordings

ROUND_2 = {"type": "interview", "id": "r2", "at": "2026-09-22T10:00Z", "with": ["dana", "lee"]}


def thanked(person: str, at: str = "2026-09-15T12:00Z", occasion: str = "r1") -> Plain:
    key = f"thank-you:{occasion}:{person}"
    return {"type": "sent", "at": at, "to": person, "intent": "thanks", "key": key}


def bare(text: str) -> str:
    """A body without names, so that only its wording counts."""
    return re.sub(r"Dana Whitfield|Lee Okafor|Priya Raman|Tuesday, \d+ September", "…", text)


def test_the_people_of_one_panel_get_different_words() -> None:
    plan = planned({**INTERVIEW, "with": ["dana", "lee", "hr"]})
    bodies = {bare(draft_of(plan, f"thank-you:r1:{person}").body) for person in ("dana", "lee", "hr")}
    subjects = {draft_of(plan, f"thank-you:r1:{person}").subject for person in ("dana", "lee", "hr")}
    assert len(bodies) == len(subjects) == 3


def test_a_second_round_is_thanked_in_other_words_than_the_first() -> None:
    first = planned()
    second = planned(INTERVIEW, thanked("dana"), thanked("lee"), ROUND_2, at="2026-09-22T12:00")
    for person in ("dana", "lee"):
        before, after = (
            draft_of(plan, f"thank-you:{occasion}:{person}")
            for plan, occasion in ((first, "r1"), (second, "r2"))
        )
        assert before.subject != after.subject
        assert bare(before.body) != bare(after.body)


def test_an_inquiry_after_a_later_round_differs_from_the_earlier_one() -> None:
    first = planned(INTERVIEW, thanked("dana"), at="2026-09-22T13:00")
    second = planned(
        INTERVIEW, thanked("dana"), ROUND_2, thanked("dana", "2026-09-22T12:00Z", "r2"), at="2026-09-29T13:00"
    )
    assert draft_of(first, "inquiry:r1:dana").subject != draft_of(second, "inquiry:r2:dana").subject


def test_a_panel_after_a_screening_by_somebody_else_gets_different_words_too() -> None:
    screening = {**INTERVIEW, "with": ["hr"]}
    plan = planned(screening, thanked("hr"), ROUND_2, at="2026-09-22T12:00")
    dana, lee = (draft_of(plan, f"thank-you:r2:{person}").subject for person in ("dana", "lee"))
    assert dana != lee


def test_what_happens_later_does_not_change_a_wording() -> None:
    before = draft_of(planned(), "thank-you:r1:lee")
    ahead = {**ROUND_2, "arranged": "2026-09-15T11:30Z"}
    after = draft_of(planned(INTERVIEW, thanked("dana", "2026-09-15T11:20Z"), ahead), "thank-you:r1:lee")
    assert before.body == after.body


PANELS = st.lists(st.permutations(["a", "b", "c"]).map(tuple), min_size=1, max_size=3)


@given(PANELS)
def test_nobody_gets_the_same_wording_twice_while_there_are_others(panels: list[tuple[str, ...]]) -> None:
    for person in "abc":
        taken = [wording_index(panels[: turn + 1], person, 3) for turn in range(len(panels))]
        assert len(set(taken)) == len(taken)


@given(st.permutations(["a", "b", "c"]).map(tuple), st.integers(1, 4))
def test_a_panel_that_comes_again_gets_different_words_each_time(panel: tuple[str, ...], rounds: int) -> None:
    taken = [wording_index([panel] * rounds, person, 3) for person in panel]
    assert sorted(taken) == [0, 1, 2]


# German, complete


def versions(language: str) -> Iterator[tuple[str, Message]]:
    for scenario in builtin_engine().scenarios.values():
        for name, message in scenario.messages.items():
            version = message if language == "en" else message.translations.get(language)
            for number, each in enumerate((version, *version.wordings) if version else (), start=1):
                yield f"{scenario.name}/{name}.{number}", each


def test_every_message_has_its_german_in_as_many_wordings() -> None:
    english = {name for name, _ in versions("en")}
    german = {name for name, _ in versions("de")}
    assert english - german == set(), "write them below rules/languages/de"


def plain_words(message: Message) -> set[str]:
    text = "\n".join(re.sub(r"\{[{%].*?[%}]\}", " ", template) for template in message.templates.values())
    return {word.lower() for word in re.findall(r"[^\W\d_]+", text)}


def test_no_english_word_remains_in_a_german_message() -> None:
    english = set(builtin_engine().languages["en"].reviews["common"])
    english -= {*builtin_engine().languages["de"].reviews["common"], "will"}
    for name, message in versions("de"):
        assert plain_words(message) & english == set(), name


def test_german_goes_on_in_small_letters_after_the_greeting() -> None:
    capitals = set(builtin_engine().languages["de"].reviews["small_after_greeting"])
    for name, message in versions("de"):
        body = message.templates["body"]
        if "{{ greeting }}" not in body:
            continue
        first = re.sub(r"\{%.*?%\}", " ", body.split("{{ greeting }}")[1]).split()[0]
        assert first[0].islower(), f"{name} begins with {first}"
        assert first not in capitals


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_four_basic_facts_make_a_complete_message(language: str) -> None:
    basic = {"candidate.name", "company.name", "position.title", "person.name"}
    names = {"thank-you", "inquiry", "final", "broken-promise", "open-questions", "ask-contact"}
    found = {name for name, _ in versions(language)}
    assert {f"{name}.1" for name in names} <= {name.partition("/")[2] for name in found}
    for name, message in versions(language):
        if name.partition("/")[2].rpartition(".")[0] in names:
            for section, needed in message.needs.items():
                assert needed <= basic, f"{name}, {section}"
