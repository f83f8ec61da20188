"""In an editor: the schemas complete names, explain them and mark what is wrong, in the YAML language server.

`tox -e editor` installs the server and runs these; elsewhere they are skipped unless it is there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.editor.language_server import SERVER, LanguageServer

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = ROOT / "schemas"
FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)

if os.environ.get("FOLLOWUP_EDITOR") != "required" and not (SERVER.exists() and shutil.which("node")):
    pytest.skip("the YAML language server is not installed; run `tox -e editor`", allow_module_level=True)

RULE = """\
format: 1
scenario: mine
rules:
  hello:
    intent: thanks
    after: interview
    to: contact
    via: email
"""
STATE = """\
format: 1
candidate: {name: Ana Souza}
company: {name: Initech}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield}
events:
  - type: interview
    at: 2026-11-20T10:00-06:00
    with: [dana]
"""
SETTINGS = """\
format: 1
overrides:
  thank-you:
    prefer: business hours
"""
TESTS = """\
format: 1
tests:
  - name: thanks are due
    now: 2026-11-20T12:00-06:00
    expect:
      - rule: thank-you
        status: due
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    running = LanguageServer()
    yield running
    running.close()


class Editor:
    """One kind of file, open in an editor under a schema."""

    def __init__(self, server: LanguageServer, folder: Path, kind: str, schema: Path) -> None:
        self.server = server
        self.path = folder / f"{kind}.yaml"
        self.modeline = f"# yaml-language-server: $schema={schema}\n"

    def proposed(self, text: str) -> dict[str, str]:
        """What is proposed at the `¦`, with its words."""
        return self.server.completions(self.path, self.modeline + text)

    def told(self, text: str) -> str:
        """What is said of the word after the `¦`."""
        return self.server.hover(self.path, self.modeline + text)

    def marked(self, text: str) -> list[tuple[int, str]]:
        """The lines that are marked, counted from 1 in `text`, and the marked words."""
        return [(line - 1, words) for line, words, _ in self.complaints(text)]

    def complaints(self, text: str) -> list[Any]:
        return list(self.server.diagnostics(self.path, self.modeline + text))


@pytest.fixture
def editor(server: LanguageServer, tmp_path: Path) -> Any:
    def open_with(kind: str, schema: Path | None = None) -> Editor:
        return Editor(server, tmp_path, kind, schema or SCHEMAS / f"{kind}.schema.json")

    return open_with


def rule(*lines: str) -> str:
    """The rule with more lines in it."""
    return RULE + "".join(f"    {line}\n" for line in lines)


def guard(*lines: str) -> str:
    return RULE + "guards:\n  mine:\n" + "".join(f"    {line}\n" for line in lines)


# Completion, with the schemas that are shipped

SCENARIO_PLACES = [
    pytest.param(rule("¦"), {"wait", "within", "open_for", "unless", "when", "join", "prefer"}, id="keys"),
    pytest.param(RULE.replace("thanks", "¦"), {"thanks", "inquiry", "keep-in-touch"}, id="intent"),
    pytest.param(RULE.replace("contact", "¦"), {"contact", "each interviewer", "self", "hr"}, id="to"),
    pytest.param(RULE.replace("contact", "[hr, ¦]"), {"contact", "lead", "scheduler"}, id="to, in a line"),
    pytest.param(RULE.replace("via: email", "via: ¦"), {"email", "phone", "linkedin", "self"}, id="via"),
    pytest.param(RULE.replace("via: email", "via: [email, ¦]"), {"phone", "linkedin"}, id="via, in a list"),
    pytest.param(RULE.replace("interview", "¦"), {"interview", "promise", "rejection"}, id="after"),
    pytest.param(RULE.replace("interview", "[¦]"), {"sent", "called"}, id="after, in a list"),
    pytest.param(RULE.replace("interview", "{sent: ¦}"), {"thanks", "inquiry"}, id="an intent of a pattern"),
    pytest.param(
        RULE.replace("interview", "{called: {outcome: ¦}}"), {"spoke", "voicemail"}, id="a field of a pattern"
    ),
    pytest.param(rule("unless: [¦]"), {"reply", "offer"}, id="unless"),
    pytest.param(rule("when:", "  ¦"), {"stage", "company.culture", "any", "not"}, id="facts"),
    pytest.param(
        rule("when:", "  any:", "    - ¦"), {"decision_date", "rounds"}, id="facts in `any`"
    ),
    pytest.param(
        RULE.replace("via: email", "via:\n      - phone:\n          ¦"),
        {"person.rapport", "company.culture"},
        id="facts of a channel",
    ),
    pytest.param(rule("when:", "  company.culture: ¦"), {"formal", "relaxed"}, id="values of a fact"),
    pytest.param(rule("when:", "  stage: [awaiting, ¦]"), {"offer", "rejected"}, id="values in a list"),
    pytest.param(
        rule("when:", "  decision_date:", "    ¦"), {"before", "after", "within", "older_than", "known"},
        id="operators of a day",
    ),
    pytest.param(
        rule("when:", "  person.name:", "    ¦"), {"is", "in", "matches"}, id="operators of a text"
    ),
    pytest.param(
        rule("when:", "  decision_date: {before: ¦}"), {"now", "last.promise.by", "last_heard"},
        id="facts to compare with",
    ),
    pytest.param(
        rule("when:", "  people:", "    some:", "      ¦"), {"role", "rapport", "last_contact"},
        id="facts of an element",
    ),
    pytest.param(rule("when:", "  now: {during: ¦}"), {"business hours", "weekends"}, id="during"),
    pytest.param(rule("prefer: ¦"), {"business hours", "daytime"}, id="prefer"),
    pytest.param(rule("wait: ¦"), {"24 hours", "1 week", "2 business days"}, id="a duration"),
    pytest.param(rule("from: ¦"), {"decision_date", "occasion.day"}, id="from"),
    pytest.param(rule("late: ¦"), {"skip", "send"}, id="late"),
    pytest.param(rule("join: [¦]"), {"thanks", "inquiry"}, id="join"),
    pytest.param(rule("advice: [¦]"), {"timing.thanks-24h", "phone.culture"}, id="advice"),
    pytest.param(rule("repeat:", "  ¦"), {"every", "times"}, id="repeat"),
    pytest.param(guard("¦"), {"for", "hold", "space", "cap", "forbid", "route", "because"}, id="guards"),
    pytest.param(guard("for:", "  ¦"), {"intent", "rule", "scenario", "to"}, id="for"),
    pytest.param(guard("hold: {until: ¦}"), {"decision_date", "person.absent_until"}, id="until"),
    pytest.param(guard("hold: {outside: ¦}"), {"business hours", "daytime"}, id="outside"),
    pytest.param(guard("forbid: {channel: ¦}"), {"email", "phone"}, id="forbid"),
    pytest.param(guard("route: {to: ¦}"), {"instructions.contact"}, id="route"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SCENARIO_PLACES)
def test_a_scenario_is_completed(editor: Any, text: str, expected: set[str]) -> None:
    assert expected <= set(editor("scenario").proposed(text))


def test_only_operators_that_fit_a_fact_are_proposed(editor: Any) -> None:
    of_a_day = editor("scenario").proposed(rule("when:", "  decision_date:", "    ¦"))
    assert of_a_day.keys().isdisjoint({"is", "contains", "at_least", "during"})


def test_in_a_line_of_recipients_those_who_stand_alone_are_not_proposed(editor: Any) -> None:
    line = editor("scenario").proposed(RULE.replace("contact", "[hr, ¦]"))
    assert line.keys().isdisjoint({"each interviewer", "self"})


def test_every_fact_of_the_core_is_proposed_with_what_it_means(editor: Any) -> None:
    from followup import Engine

    vocabulary = Engine.load(plugins=False, builtin=False).vocabulary
    proposed = editor("scenario").proposed(rule("when:", "  ¦"))
    assert proposed.keys() >= set(vocabulary.facts_for(vocabulary.event_names))
    assert [name for name, words in proposed.items() if not words] == []


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("state", STATE + "  - type: ¦\n", {"interview", "promise", "sent", "reply"}),
        ("state", STATE + "  - type: promise\n    ¦\n", {"by", "who", "words"}),
        ("state", STATE + "  - type: sent\n    intent: ¦\n", {"thanks", "inquiry"}),
        ("state", STATE + "    medium: ¦\n", {"video", "onsite", "phone"}),
        ("state", STATE.replace("{name: Dana Whitfield}", "{rapport: ¦}"), {"friendly", "distant"}),
        ("state", STATE.replace("{name: Initech}", "\n  ¦"), {"name", "culture", "country", "timezone"}),
        ("settings", "format: 1\n¦\n", {"rules", "parameters", "overrides", "plugins"}),
        ("settings", SETTINGS + "    ¦\n", {"wait", "via", "within"}),
        ("settings", SETTINGS.replace("business hours", "¦"), {"business hours", "daytime"}),
        ("tests", TESTS + "        ¦\n", {"to", "channel", "opens", "says", "because"}),
        ("tests", TESTS.replace("due\n", "¦\n", 2).replace("are ¦", "are due"), {"due", "held", "moot"}),
        ("tests", TESTS + "    events:\n      - type: ¦\n", {"reply", "offer"}),
        ("tests", TESTS + "    state:\n      company:\n        ¦\n", {"culture"}),
    ],
)
def test_states_settings_and_tests_are_completed(
    editor: Any, kind: str, text: str, expected: set[str]
) -> None:
    assert expected <= set(editor(kind).proposed(text))


# Words


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("scenario", RULE.replace("intent", "¦intent"), "what the follow-up is for"),
        ("scenario", RULE.replace("thanks", "¦thanks"), "thank them"),
        ("scenario", rule("when: {¦silence: {at_least: 1 week}}"), "the time since anybody there spoke"),
        ("scenario", rule("when: {decision_date: {¦older_than: 1 week}}"), "is more than so long ago"),
        ("scenario", rule("¦within: 1 day"), "a deadline"),
        ("scenario", guard("¦hold: {until: decision_date}"), "`until: FACT`"),
        ("state", STATE.replace("with:", "¦with:"), "who took part"),
        ("tests", TESTS.replace("expect:", "¦expect:"), "what the plan must hold"),
    ],
)
def test_a_word_is_explained(editor: Any, kind: str, text: str, words: str) -> None:
    assert words in editor(kind).told(text).replace("\\", "")


# What is wrong


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("scenario", RULE.replace("intent", "intnt"), [(4, "hello"), (5, "intnt")]),
        ("scenario", RULE.replace("    to: contact\n", ""), [(4, "hello")]),
        ("scenario", RULE.replace("scenario: mine\n", ""), [(1, "f")]),
        ("scenario", RULE.replace("thanks", "thanx"), [(5, "thanx")]),
        ("scenario", RULE.replace("interview", "intervew"), [(6, "intervew")]),
        ("scenario", RULE.replace("contact", "boss"), [(7, "boss")]),
        ("scenario", RULE.replace("contact", "[hr, self]"), [(7, "self")]),
        ("scenario", RULE.replace("via: email", "via: [email, fone]"), [(8, "fone")]),
        ("scenario", rule("wait: 2 wekks"), [(9, "2 wekks")]),
        ("scenario", rule("within: 1 day", "open_for: 1 week"), [(10, "open_for")]),
        ("scenario", rule("prefer: bussiness hours"), [(9, "bussiness hours")]),
        ("scenario", rule("priority: 1000"), [(9, "1000")]),
        ("scenario", rule("when: {company.cultur: relaxed}"), [(9, "company.cultur")]),
        ("scenario", rule("when: {company.culture: casual}"), [(9, "casual")]),
        ("scenario", rule("when:", "  any:", "    - {stge: new}"), [(11, "stge")]),
        ("scenario", rule("when: {silence: {at_leest: 1 week}}"), [(9, "at_leest")]),
        ("scenario", rule("when: {decision_date: {before: tomorow}}"), [(9, "tomorow")]),
        ("scenario", rule("when: {people: {some: {rolle: hr}}}"), [(9, "rolle")]),
        ("scenario", guard("for: {intent: thanks}"), [(10, "mine")]),
        ("scenario", guard("hold: {until: decision_dat}"), [(11, "decision_dat")]),
        ("scenario", guard("cap: {unanswered: many}"), [(11, "many")]),
        ("state", STATE.replace("type: interview", "type: interviw"), [(8, "interviw")]),
        ("state", STATE + "    minuts: 30\n", [(11, "minuts")]),
        ("state", STATE + "    minutes: an hour\n", [(11, "an hour")]),
        ("state", STATE.replace("    at: 2026-11-20T10:00-06:00\n", ""), [(8, "t")]),
        ("state", STATE.replace("{name: Initech}", "{name: Initech, culture: casual}"), [(3, "casual")]),
        ("settings", SETTINGS.replace("prefer", "prefr"), [(4, "prefr: business hours")]),
        ("settings", "format: 1\noverride: {}\n", [(2, "override")]),
        ("tests", TESTS.replace("status: due", "status: dew"), [(7, "dew")]),
        ("tests", TESTS.replace("    now: 2026-11-20T12:00-06:00\n", ""), [(3, "n")]),
    ],
)
def test_what_is_wrong_is_marked_on_its_line(
    editor: Any, kind: str, text: str, expected: list[tuple[int, str]]
) -> None:
    assert editor(kind).marked(text) == expected


@pytest.mark.parametrize(
    ("kind", "text"), [("scenario", RULE), ("state", STATE), ("settings", SETTINGS), ("tests", TESTS)]
)
def test_what_is_right_is_not_marked(editor: Any, kind: str, text: str) -> None:
    assert editor(kind).complaints(text) == []


def test_a_scenario_that_declares_names_of_its_own_may_use_them(editor: Any) -> None:
    own = "intents: [compliment]\nevents: {visit: {fields: {host: {type: string}}}}\n" + rule(
        "when: {last.visit.host: {known: true}, anchor.host: {known: true}}"
    ).replace("thanks", "compliment").replace("interview", "visit")
    assert editor("scenario").complaints(own) == []
    assert editor("scenario").marked(own.replace("contact", "boss")) == [(9, "boss")]


SHIPPED = sorted([*ROOT.glob("rules/*/*.yaml"), *ROOT.glob("examples/*.yaml")])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_that_is_shipped_is_marked(server: LanguageServer, path: Path) -> None:
    assert server.diagnostics(path, path.read_text("utf-8")) == []


def kind_of(text: str) -> str:
    """Which kind of file this is, by the key that only such a file has."""
    keys = re.findall(r"^(\w+):", text, re.MULTILINE)
    kinds = {"scenario": "scenario", "tests": "tests", "stories": "stories", "candidate": "state"}
    kinds |= {"language": "language", "send": "policy"}
    return next((kind for key, kind in kinds.items() if key in keys), "settings")


DOCUMENTED = [
    pytest.param(match[3], id=f"{page.stem}: {match[2] or match.start()}")
    for page in sorted((ROOT / "docs").glob("*.md"))
    for match in FENCE.finditer(page.read_text("utf-8"))
    if match[1] == "yaml" and match[3].startswith("format: 1") and "whatsapp" not in match[3]
    if not (match[2] or "").startswith("broken/")
]


@pytest.mark.parametrize("text", DOCUMENTED)
def test_no_file_in_the_docs_is_marked(editor: Any, text: str) -> None:
    assert editor(kind_of(text)).complaints(text) == []


# With a plugin, and without


def followup(*words: str, site: Path | None = None) -> str:
    """What the command prints, with the plugins that are installed in a folder."""
    paths = [str(site)] if site else []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, *filter(None, sys.path)])}
    command = [sys.executable, "-c", "from followup.cli import main; main()", *words]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


HOOKS = "channels|event_types|facts|operators|guards"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples of docs/plugins.md, installed as distributions: each adds its kind of name."""
    folder = tmp_path_factory.mktemp("site")
    for match in FENCE.finditer((ROOT / "docs" / "plugins.md").read_text("utf-8")):
        hook = re.search(rf"^def followup_({HOOKS})\(", match[3], re.MULTILINE)
        if match[1] != "python" or hook is None:
            continue
        name = f"example_{hook[1]}"
        (folder / f"{name}.py").write_text(match[3], "utf-8")
        metadata = folder / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
        entry = f"[followup]\n{name.replace('_', '-')} = {name}\n"
        (metadata / "entry_points.txt").write_text(entry, "utf-8")
    return folder


PLUGGED = """\
format: 1
scenario: mine
rules:
  hello:
    intent: thanks
    after: {homework: {due: {known: true}}}
    to: contact
    via: [postcard, email]
    when:
      visa.sponsor: true
      person.name: {starts_with: D}
guards:
  enough:
    custom: {round-limit: 3}
"""
HOMEWORK = "{homework: {due: {known: true}}}"
PLUGGED_STATE = STATE + "  - {type: homework, at: 2026-11-21T10:00-06:00, due: 2026-11-24}\n"


def test_with_a_plugin_its_names_are_completed_and_without_it_they_are_marked(
    editor: Any, site: Path, tmp_path: Path
) -> None:
    with_it, without = tmp_path / "with.schema.json", tmp_path / "without.schema.json"
    with_it.write_text(followup("rules", "schema", "scenario", site=site), "utf-8")
    without.write_text(followup("rules", "schema", "scenario"), "utf-8")
    places = [
        (PLUGGED.replace("[postcard, email]", "¦"), "postcard"),
        (PLUGGED.replace(HOMEWORK, "¦"), "homework"),
        (PLUGGED.replace("visa.sponsor: true", "¦"), "visa.sponsor"),
        (PLUGGED.replace("{starts_with: D}", "\n        ¦"), "starts_with"),
        (PLUGGED.replace("{round-limit: 3}", "\n      ¦"), "round-limit"),
    ]
    assert editor("scenario", with_it).complaints(PLUGGED) == []
    for text, name in places:
        assert name in editor("scenario", with_it).proposed(text)
    marked = [
        (6, HOMEWORK),
        (8, "postcard"),
        (10, "visa.sponsor"),
        (11, "{starts_with: D}"),
        (14, "round-limit"),
    ]
    for schema in (without, SCHEMAS / "scenario.schema.json"):
        assert editor("scenario", schema).marked(PLUGGED) == marked
        for text, name in places:
            assert name not in editor("scenario", schema).proposed(text)


def test_with_a_plugin_a_state_may_hold_its_events_and_facts(editor: Any, site: Path, tmp_path: Path) -> None:
    with_it = tmp_path / "with.schema.json"
    with_it.write_text(followup("rules", "schema", "state", site=site), "utf-8")
    given = PLUGGED_STATE + "visa: {sponsor: true}\n"
    assert editor("state", with_it).complaints(given) == []
    assert "homework" in editor("state", with_it).proposed(STATE + "  - type: ¦\n")
    assert "sponsor" in editor("state", with_it).proposed(STATE + "visa:\n  ¦\n")
    assert editor("state").marked(given) == [(11, "homework"), (12, "visa")]


def test_the_schemas_of_a_folder_of_rules_know_its_rules_and_parameters(editor: Any, tmp_path: Path) -> None:
    printed = followup("rules", "schema", "--write", str(tmp_path / "schemas"))
    assert "# yaml-language-server: $schema=" in printed
    settings = editor("settings", tmp_path / "schemas" / "settings.schema.json")
    assert "inquiry_wait" in settings.proposed("format: 1\nparameters:\n  silence:\n    ¦\n")
    assert "thank-you" in settings.proposed("format: 1\noverrides:\n  ¦\n")
    misspelt = "format: 1\nparameters: {silence: {inquiry_wate: 1 week}}\n"
    assert settings.marked(misspelt) == [(2, "inquiry_wate")]
    tests = editor("tests", tmp_path / "schemas" / "tests.schema.json")
    assert "thank-you" in tests.proposed(TESTS.replace("rule: thank-you", "rule: ¦"))
