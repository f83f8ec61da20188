"""What a store holds, as it stands: states with their names, whether retired, and words of one's own.

In YAML each opportunity is a document of its own, and that of one alone is a plain state file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from followup.documents import Document, read_document
from followup.errors import InputError, Place, Problem
from followup.keeping import KeptDraft
from followup.states import read_parsed, to_data

if TYPE_CHECKING:
    from followup.store import Kept, Opportunity
    from followup.vocabulary import Vocabulary

__all__ = [
    "Holding",
    "Holdings",
    "draft_data",
    "holdings_of",
    "holdings_yaml",
    "read_holding",
    "read_holdings",
    "state_yaml",
]

OWN_KEYS = ("opportunity", "retired", "reason", "drafts")
"""The keys of ours that stand beside those of a state."""
STORE = "store"
"""The key of the document about the whole store."""
_DOCUMENT = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Holding:
    """One opportunity: its state as plain dictionaries, and what the store says of it.

    Without a name it is a state file's, which says nothing of the rest.
    """

    data: Mapping[str, Any]
    name: str | None = None
    retired: bool = False
    reason: str = ""
    drafts: tuple[KeptDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class Holdings:
    """Several of them, with the candidate, and the marks of erased people."""

    items: tuple[Holding, ...]
    profile: Mapping[str, Any] | None = None
    marks: frozenset[str] = field(default_factory=frozenset)


def holdings_of(kept: Kept, names: Sequence[str], vocabulary: Vocabulary) -> Holdings:
    """What stands in a store: all of it, or some opportunities. Raises StateError and UsageError."""
    found = [kept.opportunity(name) for name in names] if names else list(kept.opportunities.values())
    items = tuple(_holding(each, vocabulary) for each in found)
    return Holdings(items) if names else Holdings(items, kept.profile, kept.marks)


def _holding(found: Opportunity, vocabulary: Vocabulary) -> Holding:
    drafts = tuple(found.drafts[key] for key in sorted(found.drafts))
    return Holding(to_data(found.state(vocabulary)), found.name, found.retired, found.reason, drafts)


def state_yaml(holding: Holding) -> str:
    """The state alone, as a state file."""
    return _yaml(holding.data)


def holdings_yaml(holdings: Holdings) -> str:
    """All of them, a document each."""
    documents = []
    about = {
        **({"profile": dict(holdings.profile)} if holdings.profile else {}),
        **({"erased": sorted(holdings.marks)} if holdings.marks else {}),
    }
    if about or not holdings.items:
        documents.append(_yaml({STORE: about}))
    for item in holdings.items:
        own: dict[str, Any] = {"opportunity": item.name}
        if item.retired:
            own["retired"] = True
        if item.reason:
            own["reason"] = item.reason
        if item.drafts:
            own["drafts"] = [draft_data(draft) for draft in item.drafts]
        documents.append(_yaml({**own, **item.data}))
    return "---\n" + "---\n".join(documents)


def draft_data(draft: KeptDraft) -> dict[str, Any]:
    """Words of one's own as plain data, without what is empty."""
    made = msgspec.to_builtins(draft)
    return {key: value for key, value in made.items() if value or key in ("key", "subject", "body")}


def _yaml(data: Mapping[str, Any]) -> str:
    # Anchors, which a list that stands twice would get, are refused when the file is read.
    dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda self, data: True})
    return str(yaml.dump(dict(data), Dumper=dumper, sort_keys=False, allow_unicode=True, width=110))


def read_holdings(text: str, file: str, vocabulary: Vocabulary) -> Holdings:
    """The states of a file that `holdings_yaml` wrote, or of a state file. Raises InputError."""
    if text.lstrip().startswith(("{", "[")):
        return Holdings((read_holding(read_document(text, file), vocabulary),))
    items: list[Holding] = []
    problems: list[Problem] = []
    profile: Mapping[str, Any] | None = None
    marks: frozenset[str] = frozenset()
    for document_text in _documents(text):
        try:
            document = read_document(document_text, file)
            if isinstance(document.value, dict) and set(document.value) == {STORE}:
                profile, marks = _about(document, vocabulary)
            elif document.value is not None:
                items.append(read_holding(document, vocabulary))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Holdings(tuple(items), profile, marks)


def _documents(text: str) -> list[str]:
    """The documents of a stream, each on the lines on which it stands."""
    found, start = [], 0
    for mark in [*_DOCUMENT.finditer(text), None]:
        end = mark.start() if mark else len(text)
        part = text[start:end]
        if part.strip():
            found.append("\n" * text.count("\n", 0, start) + part)
        start = mark.end() if mark else end
    return found or [""]


def _about(document: Document, vocabulary: Vocabulary) -> tuple[Mapping[str, Any] | None, frozenset[str]]:
    """The candidate and the marks of the document about the store."""
    value = document.value[STORE] or {}
    unknown = [key for key in value if key not in ("profile", "erased")]
    marks = value.get("erased") or []
    if unknown or not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        path = (STORE, unknown[0] if unknown else "erased")
        problem = Problem("store", "this is nothing that `followup export` writes", document.place(path))
        raise InputError([problem])
    profile = value.get("profile")
    if profile is not None:
        # It is checked as a state's candidate is, in a state that has nothing else.
        whole = {"candidate": profile, "company": {"name": "-"}, "position": {"title": "-"}}
        profile = to_data(read_parsed(replace(document, value=whole), vocabulary).state)["candidate"]
    return profile, frozenset(marks)


def read_holding(
    document: Document, vocabulary: Vocabulary, place: Callable[[Place], Place] = lambda place: place
) -> Holding:
    """One opportunity of a document that may have our own keys too. Raises InputError.

    `place` gives a problem's place for one in the document.
    """
    value = document.value
    if not isinstance(value, dict):
        return Holding(to_data(read_parsed(document, vocabulary).state))
    own = {key: value[key] for key in OWN_KEYS if key in value}
    problems: list[Problem] = []
    drafts: list[KeptDraft] = []
    for index, draft in enumerate(own.get("drafts") or ()):
        try:
            drafts.append(msgspec.convert(draft, KeptDraft))
        except msgspec.ValidationError as error:
            problems.append(
                Problem(
                    "draft", f"these are no words for a draft: {error}", document.place(("drafts", index))
                )
            )
    data: dict[str, Any] = {}
    try:
        rest = {key: item for key, item in value.items() if key not in own}
        data = to_data(read_parsed(replace(document, value=rest), vocabulary).state)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError([replace(problem, place=place(problem.place)) for problem in problems])
    retired = str(own.get("retired") or "").lower() in ("true", "yes")
    return Holding(data, own.get("opportunity"), retired, own.get("reason") or "", tuple(drafts))
