"""`followup rules format`: one style, and not a value, a comment or a group of lines lost."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.corpus_files import CORPUS
from tests.support import ROOT

from followup.cli.root import cli
from followup.documents import read_document
from followup.errors import InputError
from followup.formatting import formatted

RULES = sorted([*ROOT.glob("rules/*/scenario.yaml"), *ROOT.glob("rules/*/tests.yaml")])
MESSAGES = sorted(ROOT.glob("rules/*/messages/**/*.md"))
OTHERS = sorted([*ROOT.glob("rules/languages/*/language.yaml"), *ROOT.glob("examples/*.yaml")])
KINDS = {"scenario.yaml": "scenario", "tests.yaml": "tests", "language.yaml": "language"}

UNTIDY = """\
guards:
   quiet: {for: {to: employer}, cap: {unanswered: 2}, because: "enough is enough"}   # how many
# yaml-language-server: $schema=../../schemas/scenario.schema.json
scenario: 'mine'
format: 1


rules:
    ask:
        to:   contact
        via: [ email , phone ]
        # why it exists
        intent: inquiry    # what it is for

        when:
            company.culture:
            - relaxed
            - formal
            # the end of when
        after: [ {sent: thanks},   # first of these
                 interview ]
        about: >
            A text of
            two lines
        wait: '1 week'
    # the last one
    tell: {intent: final, after: interview, to: contact, via: email}
# the end
"""
TIDY = """\
# yaml-language-server: $schema=../../schemas/scenario.schema.json
format: 1
scenario: mine

rules:
  ask:
    about: >
      A text of
      two lines
    # why it exists
    intent: inquiry  # what it is for
    after:
      - {sent: thanks}  # first of these
      - interview
    wait: 1 week

    when:
      company.culture: [relaxed, formal]
      # the end of when
    to: contact
    via: [email, phone]

  # the last one
  tell:
    intent: final
    after: interview
    to: contact
    via: email

guards:
  quiet:  # how many
    for: {to: employer}
    cap: {unanswered: 2}
    because: enough is enough
# the end
"""


def tidy(text: str, kind: str = "state") -> str:
    """The text in style; twice changes nothing, and it says the same."""
    made = formatted(text, kind, "x.yaml")
    assert formatted(made, kind, "x.yaml") == made
    return made


def test_an_untidy_file_is_tidied() -> None:
    assert tidy(UNTIDY, "scenario") == TIDY


@pytest.mark.parametrize("path", [*RULES, *MESSAGES, *OTHERS], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_built_in_files_are_in_style(path: Path) -> None:
    kind = "message" if path.suffix == ".md" else KINDS.get(path.name, "state")
    text = path.read_text("utf-8")
    assert tidy(text, kind) == text or path.parent.name == "examples"


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/good/*.yaml")), ids=lambda path: f"{path.parent.parent.name}/{path.name}"
)
def test_every_good_file_of_the_corpus_keeps_its_meaning(path: Path) -> None:
    kind = path.parent.parent.name
    text = path.read_text("utf-8-sig")
    before, after = read_document(text, "x.yaml"), read_document(tidy(text, kind), "x.yaml")
    assert before.value == after.value
    assert before.core_value() == after.core_value()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 'x'\n", "a: x\n"),
        ("a: 'no'\n", 'a: "no"\n'),
        ("a: 'it''s'\n", "a: it's\n"),
        ("a: '12:30'\n", 'a: "12:30"\n'),
        ("a: '2026-12-01'\n", 'a: "2026-12-01"\n'),
        ("a: 'x: y'\n", 'a: "x: y"\n'),
        ("a: 'x # y'\n", 'a: "x # y"\n'),
        ("a: '{{ name }}'\n", 'a: "{{ name }}"\n'),
        ("a: \"tab\\there\"\n", "a: \"tab\\there\"\n"),
        ("a: 'say \"yes\"'\n", "a: say \"yes\"\n"),
        ("a: '\"yes\"'\n", "a: '\"yes\"'\n"),
        ("a: '+49 30 1'\n", 'a: "+49 30 1"\n'),
        ("a: ''\n", 'a: ""\n'),
        ("'a': x\n", "a: x\n"),
        ("a: [b, 'c, d']\n", 'a: [b, "c, d"]\n'),
        ("a:\n- b, c\n- d\n", "a:\n  - b, c\n  - d\n"),
    ],
)  # fmt: skip
def test_quotes_stand_only_where_they_are_needed(before: str, after: str) -> None:
    assert tidy(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:   [ b,c ]\n", "a: [b, c]\n"),
        ("a: {  b: 1 , c: {d: 2}}\n", "a: {b: 1, c: {d: 2}}\n"),
        ("a:\n    - b\n    - c\n", "a: [b, c]\n"),
        ("a:\n- b: 1\n  c: 2\n- d: 3\n", "a:\n  - b: 1\n    c: 2\n  - d: 3\n"),
        ("a:\n-\n  b: 1\n", "a:\n  - b: 1\n"),
        ("a:\n- - b\n  - - c\n", "a:\n  - - b\n    - [c]\n"),
        ("a: []\nb: {}\n", "a: []\nb: {}\n"),
        ("a:\nb:   \n", "a:\nb:\n"),
        ("a: {b, c: , d: 1}\n", "a: {b, c, d: 1}\n"),
        ("? a\n: b\n", "a: b\n"),
        ("---\na: b\n...\n", "a: b\n"),
        ("a: b", "a: b\n"),
        ("a: b   \n\n\n\nc: d\n\n\n", "a: b\n\nc: d\n"),
    ],
)
def test_layout(before: str, after: str) -> None:
    assert tidy(before) == after


def test_a_list_that_does_not_fit_stands_one_below_the_other() -> None:
    text = "a: [" + ", ".join(["a rather long text in a list"] * 5) + "]\n"
    assert tidy(text).count("\n  - a rather long text in a list") == 5


def test_a_long_list_of_words_is_filled_into_lines() -> None:
    made = tidy("a: [" + ", ".join(f"word-{n}" for n in range(60)) + "]\n")
    assert 5 < len(made.splitlines()) < 12
    assert all(len(line) <= 111 for line in made.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n  one\n    two\n\n  three\n",
        "a: |-\n  one\n",
        "a: >+\n  one\n\n\nb: c\n",
        "a: |2\n    indented\n  less\n",
        "a:\n    - |\n        one\n         two\n    - >-\n        three\n",
        "a: |  # a comment\n  one # no comment\n",
        "a: one\n   two\n\n   three\nb: c\n",
        'a: "one\n   two \\\n   three\\ \n   four"\n',
        "a: 'one\n\n   two'\n",
        "a:\n  b: |\n\n   one\n\n\n  c: d\n",
        "a: |\n  one  \n   \n  two\n",
        "a: >\n\n\n  one\n   two\n  three\n\n",
        "- |+\n  one\n\n- b\n",
    ],
)
def test_texts_of_several_lines_keep_their_lines(text: str) -> None:
    before = read_document(text, "x.yaml")
    assert read_document(tidy(text), "x.yaml").value == before.value


NASTY_COMMENTS = """\
# top

# second
a:  # beside a
  # above b
  b: 1  # beside b

  # foot of a
# above c
c:
  # above the list
  - x  # beside x
  # between
  -  # beside the dash
    y: 1
    # foot of y
  # foot of the list

d: {e: 1,  # beside e
    # above f
    f: [g,  # beside g
        h]  # beside f
   }  # beside d
i: >-  # beside i
  text # no comment
  more
# above j
j: "quoted # no comment"  # beside j
k:
# above the first of k, at the margin
- l
m: one
   two  # beside m
# end

# the very end
"""


def test_comments_are_kept_each_with_its_line() -> None:
    made = tidy(NASTY_COMMENTS)
    comments = re.compile(r"# (?!no comment)[a-z][^\n]*")
    assert sorted(comments.findall(made)) == sorted(comments.findall(NASTY_COMMENTS))
    lines = made.splitlines()
    for beside in ("b", "x", "e", "g", "f", "d", "j", "m", "a", "i"):
        [line] = [each for each in lines if each.endswith(f"# beside {beside}")]
        assert not line.lstrip().startswith("#") or beside in "fd", line
    for above, below in (("b", "b: 1"), ("c", "c:"), ("the list", "- x"), ("f", "f:"), ("j", "j:")):
        number = next(n for n, line in enumerate(lines) if line.lstrip() == f"# above {above}")
        assert lines[number + 1].lstrip().startswith(below)


def test_a_comment_moves_with_its_key() -> None:
    made = tidy(
        "format: 1\nscenario: x\nrules:\n  a:\n    # the window\n    wait: 1 day\n    intent: x\n", "scenario"
    )
    assert made.endswith("    intent: x\n    # the window\n    wait: 1 day\n")


def test_what_no_one_knows_stands_last_in_its_order() -> None:
    made = tidy("zeta: 1\nalpha: 2\nscenario: x\nformat: 1\n", "scenario")
    assert made == "format: 1\nscenario: x\nzeta: 1\nalpha: 2\n"


def test_the_order_of_what_is_named_by_people_stays() -> None:
    text = "state:\n  people:\n    zoe: {name: Z}\n    ann: {name: A}\nformat: 1\ntests: []\n"
    made = tidy(text, "tests")
    assert made.index("zoe") < made.index("ann")
    assert made.startswith("format: 1\n")


def test_line_ends_stay_as_they_are() -> None:
    assert formatted("b:   1\r\na: 2\r\n", "state", "x.yaml") == "b: 1\r\na: 2\r\n"


def test_json_is_left_as_it_is() -> None:
    assert formatted('{"b":1,\n"a":2}', "settings", "x.yaml") == '{"b":1,\n"a":2}'


def test_a_message_is_tidied_above_and_below() -> None:
    text = "---\nsubject:   'Hello'\nadvice: [a.b]\n---\nDear you,   \n\nwords\n\n\n"
    assert tidy(text, "message") == "---\nadvice: [a.b]\nsubject: Hello\n---\nDear you,\n\nwords\n"
    assert tidy("Dear you,  \nwords", "message") == "Dear you,\nwords\n"


@pytest.mark.parametrize("text", ["a: [b", "a: b\na: c\n", "a: &x b\n", "a: !!str b\n", "\ta: b\n", ""])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        formatted(text, "scenario", "x.yaml")


# Properties

words = st.text(alphabet="abc xyz:#-'\",[]{}&*!|>%@`0123456789\n\t\\.?~=<é…", max_size=20)
scalars = st.one_of(
    words, st.sampled_from(["no", "null", "~", "1", "1.5", "2026-01-01", "- a", "a: b", " x "])
)
keys = st.sampled_from(["format", "rules", "when", "intent", "a", "b c", "x.y", "1", "no"])
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A YAML text of random style, with comments and blank lines strewn in where a comment can stand."""
    import yaml

    value = draw(st.dictionaries(keys, values, min_size=1, max_size=4))
    text = yaml.safe_dump(
        value,
        sort_keys=False,
        default_flow_style=draw(st.sampled_from([None, False, True])),
        indent=draw(st.integers(2, 6)),
        width=draw(st.sampled_from([20, 80, 1000])),
        allow_unicode=draw(st.booleans()),
    )
    made = []
    for number, line in enumerate(text.splitlines()):
        if draw(st.integers(0, 5)) == 0:
            spaces = " " * draw(st.integers(0, 8))
            candidate = "\n".join([*made, f"{spaces}# note {number}", *text.splitlines()[number:], ""])
            if draw(st.booleans()) and reads_as(candidate, value):
                made.append(f"{spaces}# note {number}")
        made.append(line)
        candidate = "\n".join(
            [*made[:-1], f"{line}  # beside {number}", *text.splitlines()[number + 1 :], ""]
        )
        if draw(st.integers(0, 5)) == 0 and reads_as(candidate, value):
            made[-1] = f"{line}  # beside {number}"
    return "\n".join(made) + "\n"


def reads_as(text: str, value: object) -> bool:
    import yaml

    try:
        return bool(yaml.safe_load(text) == value)
    except yaml.YAMLError:
        return False


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts(), st.sampled_from(["scenario", "tests", "settings", "state", "language"]))
def test_formatting_keeps_every_value_and_comment(text: str, kind: str) -> None:
    try:
        before = read_document(text, "x.yaml")
    except InputError:
        return
    made = tidy(text, kind)
    after = read_document(made, "x.yaml")
    assert before.value == after.value
    assert before.core_value() == after.core_value()
    comments = re.compile(r"# (?:note|beside) \d+")
    assert sorted(comments.findall(made)) == sorted(comments.findall(text))


# The command


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["rules", "format", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine" / "messages").mkdir(parents=True)
    (tmp_path / "mine" / "scenario.yaml").write_text(UNTIDY, "utf-8")
    (tmp_path / "mine" / "messages" / "ask.md").write_text("Dear you,  \n", "utf-8")
    (tmp_path / "mine" / "notes.md").write_text("not a message  \n", "utf-8")
    return tmp_path / "mine"


def test_a_folder_is_formatted_and_the_files_are_named(folder: Path) -> None:
    done = invoke(folder)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "2 of 2 files formatted")
    assert str(folder / "scenario.yaml") in done.stdout
    assert (folder / "scenario.yaml").read_text("utf-8") == TIDY
    assert (folder / "notes.md").read_text("utf-8") == "not a message  \n"
    assert invoke(folder).stdout == "0 of 2 files formatted\n"


def test_check_writes_nothing_and_names_what_would_change(folder: Path) -> None:
    done = invoke(folder, "--check")
    assert done.exit_code == 1
    assert "2 of 2 files would change" in done.stdout
    assert (folder / "scenario.yaml").read_text("utf-8") == UNTIDY
    invoke(folder)
    assert invoke(folder, "--check").exit_code == 0


def test_diff_shows_what_would_change(folder: Path) -> None:
    done = invoke(folder / "scenario.yaml", "--diff")
    assert done.exit_code == 0
    assert "-    tell: {intent: final, after: interview, to: contact, via: email}" in done.stdout
    assert "+scenario: mine" in done.stdout
    assert (folder / "scenario.yaml").read_text("utf-8") == UNTIDY


def test_a_file_that_cannot_be_read_is_told_and_left_and_the_others_are_formatted(folder: Path) -> None:
    (folder / "tests.yaml").write_text("tests: [\n", "utf-8")
    done = invoke(folder)
    assert done.exit_code == 2
    assert "tests.yaml:2:1: " in done.stderr
    assert (folder / "tests.yaml").read_text("utf-8") == "tests: [\n"
    assert (folder / "scenario.yaml").read_text("utf-8") == TIDY


def test_permissions_and_links_stay_and_nothing_else_is_left(folder: Path, tmp_path: Path) -> None:
    path = folder / "scenario.yaml"
    path.chmod(0o640)
    link = tmp_path / "settings.yaml"
    (tmp_path / "real.yaml").write_text("parameters: {}\nformat: 1\n", "utf-8")
    link.symlink_to(tmp_path / "real.yaml")
    invoke(path, link)
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert (tmp_path / "real.yaml").read_text("utf-8") == "format: 1\nparameters: {}\n"
    assert sorted(os.listdir(folder)) == ["messages", "notes.md", "scenario.yaml"]


def test_without_a_path_it_says_what_to_name() -> None:
    done = invoke()
    assert done.exit_code == 2
    assert "name a folder or a file" in done.stderr
