"""A new rule's files, prepared and tried out in a copy before anything is written where it belongs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from followup.authoring.new_rules import NewRule, message_text, rule_lines, scenario_text
from followup.authoring.sampling import lines_of_test, made_tests, sample_state, test_file, unplayable
from followup.authoring.yaml_text import CannotInsertError, with_entry
from followup.engine import Engine
from followup.errors import UsageError
from followup.testing.scenarios import run_tests
from followup.writing import write_text

__all__ = ["Prepared", "prepare", "write"]

NEUTRAL: Mapping[str, object] = {"instructions": {}, "elsewhere": []}
"""Keys of a state that a test of its own must not take over from the file's state."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The files of a new rule: `texts` by path inside the folder, and what stands there now (None: nothing).

    `added` are the lines that are new in a file that exists; `aside` are the follow-ups of other rules
    that its tests put aside; `untested` says why no test could be made.
    """

    folder: Path
    texts: Mapping[str, str]
    before: Mapping[str, str | None]
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    untested: str = ""


def prepare(
    rule: NewRule, folder: Path, scenario: str, title: str, load: Callable[[Path], Engine]
) -> Prepared:
    """The files of a rule, tried out: they load, and their tests pass.

    `load` makes an engine with one more folder of rules. Raises UsageError, and RuleError for what the
    rule asks that there is not.
    """
    texts: dict[str, str] = {}
    added: dict[str, tuple[str, ...]] = {}
    old = _read(folder / "scenario.yaml")
    message = f"messages/{rule.name}.md"
    if (folder / message).exists():
        raise UsageError(f"{folder / message} exists already; give the rule another name")
    if old is None:
        texts["scenario.yaml"] = scenario_text(rule, scenario, title)
    else:
        added["scenario.yaml"] = tuple(rule_lines(rule))
        texts["scenario.yaml"] = _with(old, folder / "scenario.yaml", "rules", added["scenario.yaml"])
    texts[message] = message_text(rule)
    with TemporaryDirectory() as temporary:
        copy = Path(temporary, folder.resolve().name or "rules")
        if old is None:
            copy.mkdir()
        else:
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".*"))
        _put(copy, texts)
        engine = load(copy)
        state = sample_state(rule, engine)
        tests = made_tests(engine, rule, state)
        tested = _read(folder / "tests.yaml")
        if tests and tested is None:
            texts["tests.yaml"] = test_file(tests, state)
        elif tests and tested is not None:
            own = {**NEUTRAL, **state}
            lines = [line for test in tests for line in lines_of_test(test, own)]
            added["tests.yaml"] = tuple(lines)
            texts["tests.yaml"] = _with(tested, folder / "tests.yaml", "tests", lines)
        if tests:
            _put(copy, {"tests.yaml": texts["tests.yaml"]})
            names = {test.name for test in tests}
            ran = [result for result in run_tests(engine, copy / "tests.yaml") if result.name in names]
            assert all(result.passed for result in ran), "tests that were made of a plan hold in it"
        untested = "" if tests else unplayable(engine, rule, state)
    if old is None:
        for name in ("scenario", "tests"):
            made = json.dumps(engine.schema(name), indent=1, ensure_ascii=False)
            texts[f".schemas/{name}.schema.json"] = made + "\n"
    before = {name: _read(folder / name) for name in texts}
    aside = tuple(event["key"] for event in state["events"] if event["type"] == "skipped")
    return Prepared(folder, texts, before, added, aside, untested)


def write(prepared: Prepared) -> None:
    """Write all files, or, if anything goes wrong (an interruption too), none. Raises UsageError."""
    done: list[str] = []
    made: list[Path] = []
    try:
        for name, text in prepared.texts.items():
            path = prepared.folder / name
            if _read(path) != prepared.before[name]:
                raise UsageError(f"{path} has changed meanwhile; nothing is written, run it again")
            made += [folder for folder in _missing(path.parent) if folder not in made]
            done.append(name)
            write_text(path, text)
    except BaseException:
        for name in done:
            _restore(prepared.folder / name, prepared.before[name])
        for folder in sorted(made, reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _missing(folder: Path) -> list[Path]:
    """The folders that have to be made for this one."""
    return [each for each in (folder, *folder.parents) if not each.exists()]


def _with(text: str, path: Path, key: str, lines: tuple[str, ...] | list[str]) -> str:
    try:
        return with_entry(text, str(path), key, lines)
    except CannotInsertError as problem:
        entry = "\n".join(f"    {line}" for line in lines)
        raise UsageError(f"{path}: {problem}; add this below `{key}:` yourself:\n{entry}") from None


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} cannot be read: {problem}") from None


def _put(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def _restore(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_text(path, text)
