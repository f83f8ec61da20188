"""Rules from a cache are the same rules; and a cache that is not exactly what was kept is no cache."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from tests.reference.comparing import as_yaml
from tests.reference.histories import cases

from followup import Engine, RuleError
from followup.caching import LARGEST, MOST_FILES, Cache
from followup.cli.root import cli
from followup.conditions import Operator
from followup.fields import Fact
from followup.state import InterviewState

RULES = """\
format: 1
scenario: own
parameters:
  pause: {default: 3 days, about: how long to wait}
intents: [nudge]
events:
  visit: {fields: {host: {type: string}}, people: [host]}
rules:
  nudge:
    intent: nudge
    after: [{sent: thanks}, {visit: {host: {known: true}}}]
    wait: $pause
    open_for: 2 weeks
    to: contact
    via: [email, {phone: {company.culture: relaxed}}]
    when:
      any:
        - stage: [awaiting, new]
        - people: {some: {role: hr}}
        - not: {rounds: {at_least: 3}}
guards:
  slow:
    for: {intent: nudge}
    space: {person: {by: 2 business days, except: [thanks]}}
  early:
    hold: {until: decision_date, plus: 1 business day}
"""
MESSAGE = "---\nsubject: Hello\n---\nDear {{ person.name }},\n\n{% if topics %}Again.{% endif %}\n"
SETTINGS = "format: 1\nparameters: {own: {pause: 1 week}}\noverrides: {early: off, nudge: {priority: 7}}\n"
NOW = datetime.fromisoformat("2026-11-27T10:00-06:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scenario and a settings file; the cache stands beside it."""
    own = tmp_path / "rules" / "own"
    (own / "messages").mkdir(parents=True)
    (own / "scenario.yaml").write_text(RULES, "utf-8")
    (own / "messages" / "nudge.md").write_text(MESSAGE, "utf-8")
    (tmp_path / "settings.yaml").write_text(SETTINGS, "utf-8")
    return tmp_path


def load(folder: Path, **more: Any) -> Engine:
    options: dict[str, Any] = {
        "builtin": False, "plugins": False, "settings": folder / "settings.yaml", "cache": folder / "cache",
    }  # fmt: skip
    return Engine.load(folder / "rules", **{**options, **more})


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "cache").glob("*"))


def plain(value: Any) -> Any:
    """What is loaded as plain data, with names for what can be called."""
    match value:
        case Fact():
            return value.path
        case Operator():
            return value.name
        case msgspec.Struct() as struct:
            return {name: plain(getattr(struct, name)) for name in struct.__struct_fields__}
        case Mapping():
            return {key: plain(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted(map(str, value))
        case list() | tuple():
            return [plain(item) for item in value]
        case _ if is_dataclass(value):
            return [type(value).__name__, {f.name: plain(getattr(value, f.name)) for f in fields(value)}]
    return "something to call" if callable(value) else value


def everything(engine: Engine) -> Any:
    vocabulary = engine.vocabulary
    return plain(
        [
            engine.rules, engine.guards, engine.scenarios, engine.languages, engine.problems,
            engine.switched_off, vocabulary.intents, vocabulary.events, list(vocabulary.facts),
        ]
    )  # fmt: skip


# The same rules


def test_the_built_in_scenarios_and_those_of_plugins_come_back_as_they_were(tmp_path: Path) -> None:
    files = Engine.load()
    Engine.load(cache=tmp_path)
    assert everything(Engine.load(cache=tmp_path)) == everything(files)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_declared_set_and_overridden_comes_back_with_its_places(folder: Path) -> None:
    first, second = load(folder), load(folder)
    assert everything(second) == everything(first) == everything(load(folder, cache=None))
    assert second.rules["nudge"].priority == 7
    assert str(second.rules["nudge"].wait) == "1 week"
    assert second.switched_off["early"].line == 3


def test_a_warning_is_told_from_the_cache_too(folder: Path) -> None:
    (folder / "rules" / "own" / "messages" / "xx").mkdir()
    assert load(folder).problems == load(folder).problems != ()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)  # fmt: skip
@given(case=cases())
def test_any_rules_come_back_as_they_were_and_plan_the_same(
    case: tuple[Any, Any, datetime], tmp_path_factory: pytest.TempPathFactory
) -> None:
    pack, given_state, now = case
    folder = tmp_path_factory.mktemp("pack")
    own = folder / "rules" / str(pack["scenario"])
    (own / "messages").mkdir(parents=True)
    (own / "scenario.yaml").write_text(as_yaml({"format": 1, **pack}), "utf-8")
    (own / "messages" / "text.md").write_text("Hello.\n", "utf-8")
    first, second = (load(folder, settings=None) for _ in range(2))
    assert kept(folder)
    assert everything(second) == everything(first)
    one = InterviewState.from_dict(given_state)
    assert second.plan(one, now) == first.plan(one, now)


def test_drafts_are_the_same(tmp_path: Path) -> None:
    opportunity = InterviewState.from_yaml(Path("examples/berlin-silence.yaml"))
    files, _, cached = Engine.load(), Engine.load(cache=tmp_path), Engine.load(cache=tmp_path)
    for days in range(0, 40, 5):
        now = NOW + timedelta(days=days)
        assert cached.plan(opportunity, now) == files.plan(opportunity, now)


def test_an_engine_from_a_cache_can_be_pickled(folder: Path) -> None:
    load(folder)
    assert everything(pickle.loads(pickle.dumps(load(folder)))) == everything(load(folder))


# Another file, another engine


def rewritten(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / path
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")

    return change


def added(path: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")

    return change


@pytest.mark.parametrize(
    "change",
    [
        rewritten("rules/own/scenario.yaml", "3 days", "4 days"),
        rewritten("rules/own/messages/nudge.md", "Again", "Soon"),
        rewritten("settings.yaml", "1 week", "2 weeks"),
        added("rules/own/messages/nudge.2.md", MESSAGE),
        added("rules/own/messages/de/nudge.md", MESSAGE),
        added("rules/other/scenario.yaml", "format: 1\nscenario: other\n"),
        lambda folder: (folder / "rules" / "own").rename(folder / "rules" / "mine"),
    ],
)
def test_what_was_changed_is_read_anew(folder: Path, change: Callable[[Path], None]) -> None:
    before = everything(load(folder))
    change(folder)
    after = everything(load(folder))
    assert after == everything(load(folder, cache=None)) == everything(load(folder))
    assert after != before
    assert len(kept(folder)) == 2


def test_a_fault_is_told_each_time_and_not_kept(folder: Path) -> None:
    rewritten("rules/own/scenario.yaml", "intent: nudge", "intent: nugde")(folder)
    for _ in range(2):
        with pytest.raises(RuleError, match="nugde"):
            load(folder)
    assert kept(folder) == []


def test_a_link_is_followed_anew_each_time(folder: Path) -> None:
    message = folder / "rules" / "own" / "messages" / "nudge.md"
    target = message.with_name("words.txt")
    message.rename(target)
    message.symlink_to(target)
    load(folder)
    assert kept(folder) == []


def test_plugins_that_are_handed_over_have_no_version_and_no_cache(folder: Path) -> None:
    class Own:
        FOLLOWUP_API = 1

    load(folder, extra_plugins=[("own", Own())])
    assert kept(folder) == []


# What is no cache


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def older(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"followup rules, 1", b"followup rules, 0", 1))


def huge(path: Path) -> None:
    os.truncate(path, LARGEST + 1)


def replaced(data: bytes) -> Callable[[Path], None]:
    """Data that carry the right sum, as somebody would write who wants to be believed."""
    return lambda path: Cache(path.parent).keep(path.stem, data)


@pytest.mark.parametrize(
    "spoil",
    [
        cut, flipped, older, huge,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(pickle.dumps(print)),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.chmod(0o666),
        replaced(b""), replaced(b"\x93" * 100_000), replaced(msgspec.msgpack.encode([[], [], [], {}])),
        replaced(msgspec.msgpack.encode([[], [["own"] * 8], [b"\x90"], {}, []])),
    ],
)  # fmt: skip
def test_what_is_not_as_it_was_kept_is_made_anew(folder: Path, spoil: Callable[[Path], object]) -> None:
    expected = everything(load(folder))
    spoil(kept(folder)[0])
    assert everything(load(folder)) == expected


def test_rules_kept_for_other_files_are_not_taken_for_these(folder: Path) -> None:
    load(folder)
    [first] = kept(folder)
    rewritten("rules/own/scenario.yaml", "3 days", "4 days")(folder)
    load(folder)
    [second] = set(kept(folder)) - {first}
    second.write_bytes(first.read_bytes())
    assert everything(load(folder)) == everything(load(folder, cache=None))


def test_names_that_this_engine_does_not_have_are_no_reason_to_stop(folder: Path) -> None:
    load(folder)
    [path] = kept(folder)
    data = Cache(path.parent).find(path.stem)
    assert data is not None
    replaced(data.replace(b"at_least", b"at_leest"))(path)
    assert everything(load(folder)) == everything(load(folder, cache=None))


# The folder


def test_only_the_user_may_read_what_is_kept(folder: Path) -> None:
    load(folder)
    assert (folder / "cache").stat().st_mode & 0o777 == 0o700
    assert kept(folder)[0].stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_nothing_is_said(folder: Path) -> None:
    (folder / "cache").write_text("a file in the way", "utf-8")
    assert everything(load(folder)) == everything(load(folder, cache=None))


def test_few_packs_are_kept_those_asked_for_last(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(MOST_FILES):
        cache.keep(str(number), b"rules")
        os.utime(tmp_path / f"{number}.rules", (number, number))
    assert cache.find("0") == b"rules"
    cache.keep("one more", b"rules")
    assert len(cache.files()) == MOST_FILES
    assert cache.find("0") == cache.find("one more") == b"rules"
    assert cache.find("1") is None


def test_without_a_folder_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUP_CACHE", str(folder / "cache"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "xdg"))
    load(folder, cache=None)
    assert not (folder / "cache").exists()
    assert not (folder / "xdg").exists()


@pytest.mark.parametrize(("named", "there"), [("cache", True), ("", False)])
def test_the_command_line_keeps_rules_where_the_environment_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch, named: str, there: bool
) -> None:
    monkeypatch.setenv("FOLLOWUP_CACHE", str(folder / named) if named else "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "xdg"))
    arguments = ("--no-plugins", "--rules", str(folder / "rules"), "rules", "list")
    first, second = (CliRunner().invoke(cli, arguments) for _ in range(2))
    assert first.output == second.output
    assert "nudge" in first.output
    assert bool(kept(folder)) is there
    assert not (folder / "xdg").exists()
