"""The two sides of `followup rules diff`: rules from a folder, a settings file, git, or those built in."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from followup.errors import InputError, UsageError

if TYPE_CHECKING:
    from followup.cli.options import Options
    from followup.engine import Engine

__all__ = ["BUILTIN", "side"]

BUILTIN = "builtin"
REVISION = re.compile(r"(?P<revision>[^:\s-][^:\s]*):(?P<path>[^:]*)")
MOST_BYTES = 20_000_000
"""The most that is taken out of git."""


@contextmanager
def side(options: Options, text: str) -> Iterator[Engine]:
    """An engine with the rules that `text` names. Raises UsageError and RuleError."""
    found = REVISION.fullmatch(text)
    if text != BUILTIN and not Path(text).exists() and found is not None:
        with TemporaryDirectory(prefix="followup-") as folder:
            _check_out(found["revision"], found["path"], Path(folder))
            yield _engine(options, Path(folder))
        return
    yield _engine(options, None if text == BUILTIN else Path(text))


def _engine(options: Options, path: Path | None) -> Engine:
    """The built-in rules and those at `path`.

    A scenario or language there stands in place of the built-in one of its name.
    """
    from followup.engine import Engine
    from followup.languages import language_folders
    from followup.pack import scenario_folders
    from followup.resources import rules_folder

    if path is not None and not path.exists():
        raise UsageError(
            f"there is no {path}; name a folder of rules, a settings file, `{BUILTIN}`, or `REVISION:FOLDER`"
        )
    if path is None or path.is_file():
        return options.load((), None if path is None else str(path))
    own, spoken = list(scenario_folders(path)), list(language_folders(path))
    if not own and not spoken:
        raise UsageError(f"{path} holds no scenario; name a folder with a `scenario.yaml` in it")
    names = {_scenario_name(folder) for folder in own}
    builtin = list(scenario_folders(rules_folder()))
    kept = [folder for folder in builtin if _scenario_name(folder) not in names]
    codes = {folder.name for folder in language_folders(rules_folder())}
    apart = len(kept) == len(builtin) and codes.isdisjoint(folder.name for folder in spoken)
    return Engine.load(
        [*options.rules, *own, *spoken, *([] if apart else kept)],
        settings=options.settings,
        builtin=apart,
        plugins=options.plugins,
        deny=tuple(options.deny),
        on_plugin_error="collect",
    )


def _scenario_name(folder: Path) -> str:
    """The name that a scenario gives itself; empty where its file says none."""
    from followup.documents import read_path

    try:
        value = read_path(folder / "scenario.yaml").value
    except InputError:
        return ""
    return str(value.get("scenario", "")) if isinstance(value, dict) else ""


def _check_out(revision: str, path: str, folder: Path) -> None:
    """Put the files of a folder, as they are in a revision, into `folder`. Raises UsageError."""
    import io
    import zipfile

    command = ["git", "archive", "--format=zip", f"{revision}:./{path.strip('/')}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        raise UsageError(f"{revision}:{path} needs git, which cannot be run; name a folder") from None
    if done.returncode or len(done.stdout) > MOST_BYTES:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = told[-1].removeprefix("fatal: ") if told else "it is too large"
        raise UsageError(f"git does not give {revision}:{path}: {why}; name a folder as git knows it")
    with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder)
