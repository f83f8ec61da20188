"""One plugin tried in a process of its own: what it adds, what it costs to load, and which checks it fails.

Whatever its code does there (hang, exit, crash, print) stays there. The process writes what it finds as
lines of JSON, so that it is known how far it came.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from followup.plugins import PluginInfo

__all__ = ["CHECKS_LIMIT", "Trial", "try_plugin"]

CHECKS_LIMIT = 6
"""How many times as long as loading may take, the checks of one thing that it adds may take."""

_LOADING = "loading it"
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from followup.testing.trying import main; main()"
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `milliseconds` is what loading it adds to loading the core; None if it did not load.

    `adds` is as in `PluginInfo`. `problems` say what is wrong; `checks` is how many were made.
    """

    plugin: PluginInfo
    adds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    milliseconds: float | None = None
    checks: int = 0
    problems: tuple[str, ...] = ()


def try_plugin(plugin: PluginInfo, limit: float, *, checks: bool = False) -> Trial:
    """Load an installed plugin by itself, and with `checks` hold all that it adds to the conformance classes.

    It may take `limit` seconds to load, and CHECKS_LIMIT times as long for each thing that is checked; 0 is
    no limit.
    """
    command = [sys.executable, "-c", _START, json.dumps(sys.path), plugin.name, str(limit), str(int(checks))]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONOPTIMIZE"}
    # Files and not pipes: a process that the plugin starts could hold a pipe open for ever.
    with TemporaryFile() as out, TemporaryFile() as err:
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, check=False
        )
        out.seek(0)
        err.seek(0)
        return _read(plugin, out.read(), err.read())


def _read(plugin: PluginInfo, out: bytes, err: bytes) -> Trial:
    """The trial that the lines of a process tell of; it may have ended before its last line."""
    trial = Trial(plugin)
    doing, done = _LOADING, False
    for line in out.decode("utf-8", "replace").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        doing = said.get("doing", doing)
        done = said.get("done", done)
        trial = replace(
            trial,
            adds={hook: tuple(names) for hook, names in said["adds"].items()}
            if "adds" in said
            else trial.adds,
            milliseconds=said.get("milliseconds", trial.milliseconds),
            checks=trial.checks + said.get("checks", 0),
            problems=(*trial.problems, *said.get("problems", ())),
        )
    if done:
        return trial
    return replace(trial, problems=(*trial.problems, f"{doing}: {_why_it_ended(err, doing)}"))


def _why_it_ended(err: bytes, doing: str) -> str:
    told = err.decode("utf-8", "replace")
    hanging = re.search(r'^Timeout \(.*?\)!$.*?^  File "(.*?)", line (\d+)', told, re.DOTALL | re.MULTILINE)
    if hanging:
        cure = "; what takes long belongs where it is used, not where it is imported"
        return f"it hangs ({hanging[1]}:{hanging[2]}){cure if doing == _LOADING else ''}"
    last = told.strip().splitlines()[-1:]
    return "the process ended" + (f": {last[0]}" if last else " without a word")


# The process


def main() -> None:
    """What the process does: `NAME LIMIT CHECKS` are its arguments after the path."""
    name, limit, checks = sys.argv[2], float(sys.argv[3]), sys.argv[4] == "1"
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as lines:
        os.dup2(2, 1)
        for said in _trial(name, limit, checks):
            lines.write(json.dumps(said) + "\n")
            lines.flush()
    # Threads that the plugin started, and what it registered for the end, must not hold the process.
    os._exit(0)


def _trial(name: str, limit: float, checks: bool) -> Iterator[dict[str, Any]]:
    import faulthandler

    from followup import builtin
    from followup.errors import FollowupError
    from followup.plugins import list_plugins, load_registry

    others = [plugin.name for plugin in list_plugins() if plugin.name != name]
    own = [("core", builtin), ("scenarios", builtin.Scenarios())]

    def loaded(*, installed: bool) -> Any:
        return load_registry(own, others if installed else (), "collect", installed=installed)

    loaded(installed=False)
    start = perf_counter()
    loaded(installed=False)
    alone = perf_counter() - start
    if limit:
        faulthandler.dump_traceback_later(limit, exit=True)
    start = perf_counter()
    registry = loaded(installed=True)
    cost = max(0.0, perf_counter() - start - alone)
    [*found] = [plugin for plugin in registry.plugins if plugin.name == name]
    problems = [line for plugin in found for line in plugin.error.splitlines()]
    yield {
        "adds": {hook: list(names) for plugin in found for hook, names in plugin.adds.items()},
        "problems": problems,
        **({} if problems else {"milliseconds": round(cost * 1000, 1)}),
    }
    if checks and not problems:
        try:
            for said in _checked(name, registry):
                if limit:
                    faulthandler.dump_traceback_later(limit * CHECKS_LIMIT, exit=True)
                yield said
        except FollowupError as error:
            yield {"problems": str(error).splitlines()}
    yield {"done": True}


def _checked(name: str, registry: Any) -> Iterator[dict[str, Any]]:
    """Each thing that the plugin adds, held to its conformance class; then the plugin beside all others."""
    from followup.engine import Engine
    from followup.testing.channels import ChannelConformance
    from followup.testing.conformance import checks_of, run_checks
    from followup.testing.operators import OperatorConformance
    from followup.testing.packs import ScenarioPackConformance
    from followup.testing.reviews import ReviewConformance

    [info] = [plugin for plugin in registry.plugins if plugin.name == name]
    kits: list[tuple[str, object]] = []
    known: tuple[tuple[str, type, str, Any], ...] = (
        ("followup_channels", ChannelConformance, "channel", registry.channels),
        ("followup_operators", OperatorConformance, "operator", registry.operators),
        ("followup_reviews", ReviewConformance, "review", registry.reviews),
    )
    for hook, suite, attribute, table in known:
        for record in info.adds.get(hook, ()):
            kit = type(suite.__name__, (suite,), {attribute: table[record]})()
            kits.append((f"{attribute} `{record}`", kit))
    if "followup_scenarios" in info.adds:
        pack = type("Pack", (ScenarioPackConformance,), {"plugin": name})()
        kits.append((f"scenarios {', '.join(info.adds['followup_scenarios'])}", pack))
    for what, kit in kits:
        yield {"doing": f"checking the {what}"}
        # One fault may fail many checks: it is told once, by the first of them.
        broken = {each.text: each for each in reversed(run_checks(kit))}
        told = [f"{what}, {each}" for each in reversed(broken.values())]
        yield {"checks": len(checks_of(kit)), "problems": told}
    yield {"doing": "loading it beside the other installed plugins"}
    engine = Engine.load(on_plugin_error="collect")
    beside = [line for plugin in engine.plugins if plugin.name == name for line in plugin.error.splitlines()]
    yield {"checks": 1, "problems": beside}
