"""A new plugin as files: a whole distribution, from templates beside this module.

A template is the file itself with `.template` behind its name, and with names between at-signs: `@CLASS@`. In
its path they stand bare: `src/PACKAGE/__init__.py.template`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from followup.authoring.starting import Prepared
from followup.contributions import WORD
from followup.errors import UsageError

__all__ = ["KINDS", "Kind", "NewPlugin", "prepare_plugin"]

Kind = Literal["channel", "scenario", "operator", "condition", "review"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PREFIX = "followup-"
LONGEST = 30
"""The most characters of a name; with more, what is written would not be in style."""

_TEMPLATES = Path(__file__).parent / "plugin_templates"
_SUFFIX = ".template"
_FOLDERS: Mapping[Kind, tuple[str, ...]] = {
    "channel": ("common", "python", "channel"),
    "condition": ("common", "python", "condition"),
    "operator": ("common", "python", "operator"),
    "review": ("common", "python", "review"),
    "scenario": ("common", "scenario"),
}
_DEVELOP = """\
## Working on it

```sh
python3 -m venv .venv
.venv/bin/pip install -e '.[dev]'
.venv/bin/pytest
.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy
.venv/bin/followup plugins check @NAME@
```

`docs/publish-a-plugin.md` of followup says how to publish it."""


@dataclass(frozen=True, slots=True)
class NewPlugin:
    """What somebody wants a new plugin to be: its public name, and what it adds.

    Raises UsageError for a name that cannot be.
    """

    name: str
    kind: Kind

    def __post_init__(self) -> None:
        if not WORD.fullmatch(self.name) or len(self.name) > LONGEST:
            cure = re.sub(r"[^a-z0-9]+", "-", self.name.lower().removeprefix(PREFIX)).strip("-0123456789")[
                :LONGEST
            ]
            told = f"such as `{cure}`" if WORD.fullmatch(cure) else "such as `letter`"
            raise UsageError(
                f"`{self.name[:60]}` cannot be a plugin's name; use at most {LONGEST} small letters, digits "
                f"and hyphens, {told}"
            )
        if self.name.startswith(PREFIX):
            bare = self.name.removeprefix(PREFIX)
            raise UsageError(f"`{self.name}` is the name of a distribution; leave `{PREFIX}` out: `{bare}`")

    @property
    def distribution(self) -> str:
        """What pip installs: `followup-cover-letter`."""
        return PREFIX + self.name.replace("_", "-")

    @property
    def package(self) -> str:
        """What Python imports: `followup_cover_letter`."""
        return self.distribution.replace("-", "_")

    @property
    def adds(self) -> str:
        """The name of what it adds; that of an operator or a condition is a word of the rule language."""
        word = self.name.replace("-", "_")
        return word if self.kind in ("condition", "operator") else self.name

    @property
    def words(self) -> Mapping[str, str]:
        """What stands in the templates, by name."""
        title = re.sub("[-_]", " ", self.name)
        title = title[0].upper() + title[1:]
        camel = "".join(part.capitalize() for part in re.split("[-_]", self.name))
        summary = {
            "channel": f"{title} for followup: the words of a follow-up as a short message",
            "condition": f"The condition {self.adds} for the rules of followup",
            "operator": f"The operator {self.adds} for the rules of followup",
            "review": f"The review {self.name} for followup, which reads drafts before they go out",
            "scenario": f"{title}: a scenario for followup",
        }
        adds = {
            "channel": f"The channel `{self.name}`",
            "condition": f"The kind of condition `{self.adds}`",
            "operator": f"The operator `{self.adds}`",
            "review": f"The review `{self.name}`",
            "scenario": f"The scenario `{self.name}`",
        }
        return {
            "ADDS": adds[self.kind],
            "CLASS": camel + "_" * keyword.iskeyword(camel),
            "DEVELOP": _DEVELOP.replace("@NAME@", self.name),
            "DISTRIBUTION": self.distribution,
            "NAME": self.name,
            "PACKAGE": self.package,
            "SUMMARY": summary[self.kind],
            "TITLE": title,
            "WORD": self.adds,
        }


def prepare_plugin(plugin: NewPlugin, folder: Path) -> Prepared:
    """The files of a new plugin, to be written into a folder that is not there yet, or empty.

    Raises UsageError where something stands in it already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already; nothing is written: name another place with --folder")
    texts = dict(sorted(_texts(plugin)))
    return Prepared(folder, texts, dict.fromkeys(texts))


def _texts(plugin: NewPlugin) -> Iterator[tuple[str, str]]:
    words = plugin.words
    for kind in _FOLDERS[plugin.kind]:
        root = _TEMPLATES / kind
        for template in root.rglob(f"*{_SUFFIX}"):
            path = template.relative_to(root).as_posix().removesuffix(_SUFFIX)
            path = path.replace("PACKAGE", plugin.package).replace("NAME", plugin.name)
            yield path, _filled(template.read_text("utf-8"), words)


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub("@([A-Z]+)@", lambda found: words[found[1]], text)
