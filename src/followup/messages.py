"""Message files: Markdown with front matter, checked when loaded, so that no draft is half empty.

A text that prints a fact needs it; one that only tests it (`{% if topics %}`) does better with it. What
a message needs is found by rendering it with one fact missing at a time, and what follows from that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from followup.checking import checked
from followup.documents import Document, read_document, read_path
from followup.errors import InputError, Place, Problem, did_you_mean, or_from_a_plugin
from followup.fields import Fact, FactType
from followup.rules import Message
from followup.sources import MessageSource
from followup.templates import TemplateProblem, Templates, Unknown
from followup.yaml_events import FORBIDDEN, forbidden_character, place_in

__all__ = ["SECTIONS", "check_message", "leads_out", "nested", "read_message"]

MAX_BYTES = 100_000
SECTIONS = ("subject", "body", "part", "purpose", "question", "short")
IN_EVERY_STATE = frozenset({"candidate.name", "company.name", "position.title"})
"""The facts that no state can lack, and so no message need ask about."""
PARTS = Fact(
    "parts",
    FactType("list", element=FactType("text")),
    "the texts of the parts that ride along",
    lambda _: (),
)
_OPENED = re.compile(r"---[ \t]*\r?$", re.MULTILINE)
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)


def read_message(path: Path, problems: list[Problem]) -> Message | None:
    """Read `messages/NAME.md`; problems are added, and None is returned if it cannot be used."""
    text = _read_text(path, problems)
    if text is None:
        return None
    match = _FRONT.match(text)
    if match is None and _OPENED.match(text):
        cure = "write a line `---` below the last key"
        problems.append(
            Problem("front-matter", "the front matter is never closed", Place(str(path), 1, 1), cure)
        )
        return None
    front, body, line = ("", text, 1)
    if match:
        front, body = match[1], text[match.end() :]
        line = text.count("\n", 0, match.end()) + 1
    source = MessageSource()
    document = Document.of({})
    if any(line.strip() and not line.lstrip().startswith("#") for line in front.splitlines()):
        try:
            document = read_document("\n" + front, str(path))
        except InputError as error:
            problems += error.problems
            return None
        found = checked(document, (), document.value, MessageSource, problems)
        if found is None:
            return None
        source = found
    if not body.strip():
        problems.append(
            Problem("empty", "the message has no text", Place(str(path), line, 1), "write it below `---`")
        )
        return None
    templates = {name: getattr(source, name).strip() for name in SECTIONS if name != "body"}
    templates = {name: template for name, template in templates.items() if template}
    places = {name: document.place((name,)).line for name in templates}
    advice = (source.advice,) if isinstance(source.advice, str) else tuple(source.advice)
    return Message(
        name=path.stem,
        place=Place(str(path), 1, 1),
        templates={**templates, "body": body.strip() + "\n"},
        lines={**places, "body": line},
        about=source.about,
        advice=advice,
    )


def leads_out(path: Path, folder: Path, problems: list[Problem]) -> bool:
    """Whether a file is a link out of a folder, which could show in a draft what nobody meant to show."""
    if not path.is_file() or path.resolve().is_relative_to(folder.resolve()):
        return False
    text = "the file is a link to something outside of its folder"
    problems.append(Problem("file-outside", text, Place(str(path)), "put the file itself there"))
    return True


def check_message(
    message: Message, facts: Mapping[str, Fact], templates: Templates, problems: list[Problem]
) -> Message:
    """The message with the facts that each section uses and needs; problems are added."""
    uses: dict[str, frozenset[str]] = {}
    needs: dict[str, frozenset[str]] = {}
    known = {**facts, PARTS.path: PARTS}
    for section, template in message.templates.items():
        try:
            names = templates.variables(template)
        except TemplateProblem as problem:
            problems.append(_problem("template", message, section, problem.text, problem.cure, problem.line))
            continue
        strange = sorted(name for name in names if name not in known)
        for name in strange:
            problems.append(_unknown_name(message, section, name, known, templates.phrases))
        filters = list(templates.unknown_filters(template))
        problems += [_problem("template", message, section, p.text, p.cure, p.line) for p in filters]
        if strange or filters:
            continue
        uses[section] = names
        needs[section] = _needs(message, section, names, known, templates, problems)
    return replace(
        message,
        needs={section: names - {PARTS.path} for section, names in needs.items()},
        uses=uses,
        facts={name: known[name] for name in sorted(frozenset().union(*uses.values(), *needs.values()))},
    )


def _needs(
    message: Message,
    section: str,
    names: frozenset[str],
    known: Mapping[str, Fact],
    templates: Templates,
    problems: list[Problem],
) -> frozenset[str]:
    template = message.templates[section]
    samples = {name: sample(known[name].type) for name in sorted(names)}

    unknown_at = 1

    def renders(given: Iterable[str]) -> bool:
        nonlocal unknown_at
        try:
            templates.render(template, nested({name: samples[name] for name in given}, names))
        except Unknown as unknown:
            unknown_at = unknown.line
            return False
        except TemplateProblem as problem:
            problems.append(_problem("template", message, section, problem.text, problem.cure, problem.line))
        return True

    before = len(problems)
    if not renders(names) and len(problems) == before:
        text = "it prints something that its lists do not have"
        problems.append(
            _problem("template", message, section, text, "check the names after the dots", unknown_at)
        )
    follows = {name: known[name].follows for name in names}
    needed = frozenset(
        name for name in names if not renders({other for other in names - {name} if follows[other] != name})
    )
    sure = needed | names & IN_EVERY_STATE
    for extra in [None, *sorted(names - sure)]:
        if len(problems) > before:
            return needed
        given = sure if extra is None else sure | {extra, follows[extra] or extra} & names
        if renders(given):
            continue
        line = template.splitlines()[unknown_at - 1]
        missing = next(
            (
                name
                for name in sorted(names - given, key=lambda n: (n not in line, n))
                if renders(given | {name})
            ),
            None,
        )
        if missing is not None:
            text = f"`{missing}` is printed where it may not be known"
            cure = f"put `{{% if {missing} %}}` … `{{% endif %}}` around it"
            problems.append(
                _problem("unguarded-fact", message, section, text, cure, _line_of(template, missing))
            )
    return frozenset(known[name].follows or name for name in needed)


def sample(type_: FactType) -> Any:
    """A value of this type as a message would get it."""
    if type_.values:
        return type_.values[0]
    if type_.kind == "number":
        return 2
    if type_.kind == "boolean":
        return True
    if type_.kind == "list":
        return [sample(type_.element or FactType("text"))] * 2
    if type_.kind == "record":
        return {name: sample(fact.type) for name, fact in type_.fields.items()}
    return "Sample"


def nested(facts: Mapping[str, Any], names: Iterable[str] = ()) -> dict[str, Any]:
    """Dotted names as dictionaries inside dictionaries; the owners of `names` are there even if empty."""
    made: dict[str, Any] = {}
    for path in (*names, *facts):
        *owners, name = path.split(".")
        level = made
        for owner in owners:
            level = level.setdefault(owner, {})
        if path in facts:
            level[name] = facts[path]
    return made


def _unknown_name(
    message: Message, section: str, name: str, known: Mapping[str, Fact], phrases: Iterable[str]
) -> Problem:
    children = [path for path in known if path.startswith(f"{name}.")]
    cure = or_from_a_plugin(did_you_mean(name[:60], (*known, *phrases)))
    if name in phrases:
        text, cure = f"`{name}` is a phrase, which stands alone", f"write `{{{{ {name} }}}}`"
        line = _line_of(message.templates[section], name)
        return _problem("phrase-alone", message, section, text, cure, line)
    if children:
        cure = f"name one of its facts, such as `{children[0]}`"
    line = _line_of(message.templates[section], name)
    return _problem("unknown-fact", message, section, f"no fact is named `{name[:60]}`", cure, line)


def _line_of(template: str, name: str) -> int:
    at = template.find(name)
    return template.count("\n", 0, at) + 1 if at >= 0 else 1


def _problem(code: str, message: Message, section: str, text: str, cure: str, line: int) -> Problem:
    first = message.lines.get(section, 1)
    where = "" if section == "body" else f"`{section}`: "
    return Problem(code, where + text, Place(message.place.file, first + line - 1, 1), cure)


def _read_text(path: Path, problems: list[Problem]) -> str | None:
    """The text of a message file; None, and problems are added, if it is none."""
    file = str(path)
    if path.exists() and not path.is_file():
        cure = "put a text file in its place"
        problems.append(Problem("file-unreadable", "this is no file", Place(file), cure))
        return None
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems += _unreadable(path)
        return None
    if len(raw) > MAX_BYTES:
        told = f"the message is larger than {MAX_BYTES // 1000} kB"
        problems.append(Problem("too-long", told, Place(file), "shorten it"))
        return None
    bad = FORBIDDEN.search(text)
    if bad:
        problems.append(forbidden_character(bad[0], place_in(text, bad.start(), file)))
        return None
    return text


def _unreadable(path: Path) -> tuple[Problem, ...]:
    try:
        read_path(path)
    except InputError as error:
        return error.problems
    return (Problem("file-unreadable", "the file cannot be read", Place(str(path))),)
