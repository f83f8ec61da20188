"""The loader of plugins: what is installed, what of it may come in, and the registry that comes out.

    entry points → deny list → import → hooks → records checked → Registry

A plugin comes in whole or not at all. One that fails costs only itself, and what it did wrong is said with
its name, its version and the hook. Plugins load in order of name: order of installation means nothing.
"""

from __future__ import annotations

import importlib.metadata
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Literal

import pluggy
from msgspec import Struct
from msgspec.structs import replace

from followup import hookspecs
from followup.contributions import CONTRIBUTIONS, WORD, ContractError, check_name, claim_of, shown
from followup.errors import PluginError, UsageError
from followup.hookspecs import API_VERSION, PROJECT, hookimpl
from followup.implementing import check_version, hooks_of

if TYPE_CHECKING:
    import click

    from followup.channels import Channel
    from followup.conditions import Operator
    from followup.delivery import Deliverer
    from followup.fields import Fact
    from followup.hookspecs import Command, ConditionKind, Filter, GuardKind, Review, StoreKind
    from followup.rules import EventType

__all__ = [
    "MAX_RECORDS",
    "PluginInfo",
    "Registry",
    "Watch",
    "list_plugins",
    "load_registry",
    "plugin_at_fault",
]

MAX_RECORDS = 10_000
"""The most records that one hook may give, so that an endless generator ends."""


class PluginInfo(Struct, frozen=True, kw_only=True):
    """A plugin and what became of it.

    `adds` gives, for each hook of a loaded plugin, the sorted names of what it adds. `error` holds one line
    for each thing that is wrong with a failed one. `distribution` and `version` are empty for an object
    that the caller handed over. `builtin` marks the core's own.
    """

    name: str
    distribution: str = ""
    version: str = ""
    summary: str = ""
    status: Literal["loaded", "denied", "failed", "not loaded"] = "not loaded"
    adds: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    error: str = ""
    builtin: bool = False

    @property
    def origin(self) -> str:
        """The distribution with its version, such as `followup-letter 1.2`."""
        return f"{self.distribution} {self.version}".strip() or "handed over by the caller"

    def __hash__(self) -> int:
        return hash((self.name, self.distribution, self.version))

    def __str__(self) -> str:
        return f"plugin `{self.name}` ({self.origin})"


class Registry(Struct, frozen=True, kw_only=True):
    """All that plugins and the core add to one engine, by name and sorted; `plugins` says who added what."""

    channels: Mapping[str, Channel]
    deliverers: Mapping[str, Deliverer]
    scenarios: Mapping[str, Path]
    languages: Mapping[str, Path]
    facts: Mapping[str, Fact]
    event_types: Mapping[str, EventType]
    operators: Mapping[str, Operator]
    condition_kinds: Mapping[str, ConditionKind]
    guard_kinds: Mapping[str, GuardKind]
    reviews: Mapping[str, Review]
    filters: Mapping[str, Filter]
    stores: Mapping[str, StoreKind]
    commands: Mapping[str, Command | click.Command]
    plugins: tuple[PluginInfo, ...]


Watch = Callable[[PluginInfo], AbstractContextManager[object]]
"""Gives, for an installed plugin or one handed over, what its code runs inside while it loads.

A `ContractError` that it raises is the plugin's failure."""


def list_plugins(deny: Iterable[str] = ()) -> tuple[PluginInfo, ...]:
    """The installed plugins, in order of name, from their distributions' metadata: nothing is imported.

    The status is `denied` for those that `deny` names, else `not loaded`.
    """
    denied = _names(deny)
    return tuple(
        replace(entry.info, status="denied") if entry.info.name in denied else entry.info
        for entry in _installed()
    )


def plugin_at_fault(error: BaseException) -> PluginInfo | None:
    """The installed plugin in whose code an error was raised, by the innermost call that is a plugin's."""
    packages = {
        point.value.partition(":")[0].partition(".")[0]: point
        for point in importlib.metadata.entry_points(group=PROJECT)
    }
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    for frame in reversed(frames):
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in packages:
            return _entry(packages[package]).info
    return None


def load_registry(
    builtin: Iterable[tuple[str, object]],
    deny: Iterable[str] = (),
    on_error: Literal["raise", "collect"] = "raise",
    extra: Iterable[tuple[str, object]] = (),
    *,
    installed: bool = True,
    watch: Watch | None = None,
) -> Registry:
    """Load the core's own plugins (`builtin`), then the installed ones and `extra`, by name.

    `builtin` and `extra` are pairs of a plugin's name and the plugin, a module or an object. A plugin that
    `deny` names is not imported; the core's own cannot be denied. With `installed` false, only what is
    handed over loads. When plugins fail, `raise` raises PluginError with all failures, and `collect` loads
    the others and keeps the failure in `Registry.plugins`. A failure of the core's own always raises.
    The code of each plugin that is not the core's own runs inside what `watch` gives for it.
    """
    if on_error not in ("raise", "collect"):
        raise UsageError(f"on_error is `{on_error}`; pass `raise` or `collect`")
    denied = _names(deny)
    core = _core_info()
    own = sorted((_handed_over(replace(core, name=name), plugin) for name, plugin in builtin), key=_in_order)
    own_names = {entry.info.name for entry in own}
    if own_names & denied:
        raise UsageError(f"deny names `{min(own_names & denied)}`, which is the core's own; leave it out")
    others = [_handed_over(PluginInfo(name=name), plugin) for name, plugin in extra]
    others += _installed() if installed else ()

    loader = _Loader(watch)
    for entry in own:
        loader.load(entry)
    for name, group in groupby(sorted(others, key=_in_order), key=attrgetter("info.name")):
        claimants = tuple(group)
        for entry in claimants:
            rivals = [core] if name in own_names else [c.info for c in claimants if c is not entry]
            if name in denied:
                loader.plugins.append(replace(entry.info, status="denied"))
            elif rivals:
                loader.refuse(entry, rivals)
            else:
                loader.load(entry)

    fatal = [failure for failure in loader.failures if on_error == "raise" or failure.plugin.builtin]
    if fatal:
        cause = next((failure.cause for failure in fatal if failure.cause), None)
        raise PluginError("\n".join(map(str, fatal))) from cause
    return loader.registry()


class _Entry(Struct, frozen=True):
    """A plugin that may come in. `get` gives the plugin; for an installed one, that is the import."""

    info: PluginInfo
    get: Callable[[], object]


def _handed_over(info: PluginInfo, plugin: object) -> _Entry:
    return _Entry(info, lambda: plugin)


def _in_order(entry: _Entry) -> tuple[str, str, str]:
    return entry.info.name, entry.info.distribution, entry.info.version


def _names(deny: Iterable[str]) -> frozenset[str]:
    if isinstance(deny, str):
        raise UsageError(f"deny is the text `{deny}`; pass a list of names: `[{deny!r}]`")
    return frozenset(deny)


def _installed() -> tuple[_Entry, ...]:
    return tuple(sorted(map(_entry, importlib.metadata.entry_points(group=PROJECT)), key=_in_order))


def _entry(point: importlib.metadata.EntryPoint) -> _Entry:
    metadata = point.dist.metadata if point.dist else None
    distribution, version, summary = (
        str(metadata[key]) if metadata and key in metadata else "" for key in ("Name", "Version", "Summary")
    )
    info = PluginInfo(name=point.name, distribution=distribution, version=version, summary=summary)
    return _Entry(info, lambda: _imported(point))


def _core_info() -> PluginInfo:
    try:
        version = importlib.metadata.version(PROJECT)
    except importlib.metadata.PackageNotFoundError:
        version = ""
    return PluginInfo(name=PROJECT, distribution=PROJECT, version=version, builtin=True)


def _imported(point: importlib.metadata.EntryPoint) -> object:
    plugin = point.load()
    if isinstance(plugin, ModuleType) and plugin.__spec__ is not None and plugin.__spec__.origin is None:
        return _FoldersAlone.of(plugin)
    return plugin


class _FoldersAlone(Struct, frozen=True):
    """A package without Python: the folders in it that hold a `scenario.yaml` or a `language.yaml`."""

    scenarios: tuple[Path, ...]
    languages: tuple[Path, ...]
    FOLLOWUP_API = API_VERSION

    @classmethod
    def of(cls, package: ModuleType) -> _FoldersAlone:
        def folders(file: str) -> tuple[Path, ...]:
            files = chain.from_iterable(Path(root).glob(f"*/{file}") for root in package.__path__)
            return tuple(sorted(file.parent.absolute() for file in files))

        scenarios, languages = folders("scenario.yaml"), folders("language.yaml")
        if not scenarios and not languages:
            raise ContractError(
                f"the package `{package.__name__}` holds neither Python nor a folder with a `scenario.yaml`; "
                "see that its distribution installs its files"
            )
        return cls(scenarios, languages)

    @hookimpl
    def followup_scenarios(self) -> tuple[Path, ...]:
        return self.scenarios

    @hookimpl
    def followup_languages(self) -> tuple[Path, ...]:
        return self.languages


class _Failure(Struct, frozen=True):
    plugin: PluginInfo
    hook: str
    text: str
    cause: BaseException | None = None

    def __str__(self) -> str:
        return f"{self.plugin}{self.hook and f', {self.hook}'}: {self.text}"


@contextmanager
def _isolated(failures: list[_Failure], plugin: PluginInfo, hook: str = "") -> Iterator[None]:
    """What the plugin's code raises becomes a failure; the user's KeyboardInterrupt passes."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except ContractError as refusal:
        failures.append(_Failure(plugin, hook, str(refusal)))
    except BaseException as error:  # noqa: BLE001  # SystemExit too: a plugin must not end the program
        failures.append(_Failure(plugin, hook, f"raised {_described(error)}{_cure(plugin, error)}", error))


def _cure(plugin: PluginInfo, error: BaseException) -> str:
    """How to go on although an installed plugin raised."""
    if not plugin.distribution or plugin.builtin:
        return ""
    without = f"`followup plugins disable {plugin.name}` keeps it out until that is mended"
    if isinstance(error, ModuleNotFoundError):
        return f"; install what it needs (`pip check` says what is missing), or {without}"
    return f"; {without}"


def _described(error: BaseException) -> str:
    """The error in one line, with the file and line that it comes from where they are known."""
    lines = traceback.format_exception_only(error)
    text = " ".join("".join(line for line in lines if not line.startswith("  ")).split())
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    if isinstance(error, SyntaxError):
        return f"{text} ({error.filename}:{error.lineno})"
    if not frames or frames[-1].filename.startswith("<"):
        return text
    return f"{text} ({frames[-1].filename}:{frames[-1].lineno})"


class _Loader:
    """Takes in one plugin after the other; what was taken in stands, what comes later must agree with it."""

    def __init__(self, watch: Watch | None) -> None:
        self.watch = watch
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.plugins: list[PluginInfo] = []
        self.failures: list[_Failure] = []
        self.records: dict[str, dict[str, Any]] = {hook: {} for hook in CONTRIBUTIONS}
        self.owners: dict[str, dict[str, PluginInfo]] = {hook: {} for hook in CONTRIBUTIONS}

    def refuse(self, entry: _Entry, rivals: Iterable[PluginInfo]) -> None:
        """Refuse a plugin whose name others have too: which of them is meant cannot be known."""
        others = ", ".join(sorted(rival.origin for rival in rivals))
        text = f"another plugin has this name ({others}); uninstall or rename one of them"
        self._fail(entry.info, [_Failure(entry.info, "", text)])

    def load(self, entry: _Entry) -> None:
        """Import a plugin, call its hooks and take in what they give: all of it, or nothing."""
        info = entry.info
        failures: list[_Failure] = []
        given: dict[str, dict[str, Any]] = {}
        with _isolated(failures, info):
            check_name(info.name, WORD, "its name")
            with self.watch(info) if self.watch and not info.builtin else nullcontext():
                plugin = entry.get()
                check_version(plugin)
                for hook, function in hooks_of(plugin, info.name, self.manager):
                    records = given.setdefault(hook, {})
                    with _isolated(failures, info, hook):
                        for record in _items(function()):
                            name = CONTRIBUTIONS[hook].name_of(record)
                            self._check_free(hook, name, info, records)
                            records[name] = record
        if failures:
            self._fail(info, failures)
            return
        for hook, records in given.items():
            self.records[hook] |= records
            self.owners[hook] |= dict.fromkeys(chain(records, map(claim_of, records)), info)
        adds = {hook: tuple(sorted(records)) for hook, records in sorted(given.items()) if records}
        self.plugins.append(replace(info, status="loaded", adds=MappingProxyType(adds)))

    def registry(self) -> Registry:
        """What was taken in, for good."""
        tables: dict[str, Any] = {
            CONTRIBUTIONS[hook].table: MappingProxyType({name: records[name] for name in sorted(records)})
            for hook, records in self.records.items()
        }
        return Registry(**tables, plugins=tuple(sorted(self.plugins, key=attrgetter("name", "distribution"))))

    def _fail(self, info: PluginInfo, failures: list[_Failure]) -> None:
        self.failures += failures
        self.plugins.append(replace(info, status="failed", error="\n".join(map(str, failures))))

    def _check_free(self, hook: str, name: str, info: PluginInfo, own: Mapping[str, object]) -> None:
        word = CONTRIBUTIONS[hook].word
        if name in own:
            raise ContractError(f"the {word} `{name}` is given twice; leave one out")
        claim = name if info.builtin else claim_of(name)
        thing = f"the {word} `{name}`" if claim == name else f"the namespace `{claim}` of the {word} `{name}`"
        if claim in self.owners[hook]:
            owner = self.owners[hook][claim]
            if owner.builtin:
                raise ContractError(f"{thing} is the core's own; choose another name")
            raise ContractError(f"{thing} belongs to {owner}; choose another name, or deny one of the two")
        if not info.builtin and claim in CONTRIBUTIONS[hook].reserved():
            raise ContractError(f"{thing} is the core's own; choose another name")


def _items(result: object) -> Iterator[object]:
    if result is None:
        return
    if not isinstance(result, (list, tuple, Iterator)):
        raise ContractError(f"returned {shown(result)}; return a list or tuple of records, or yield them")
    for number, item in enumerate(result):
        if number == MAX_RECORDS:
            raise ContractError(f"gives more than {MAX_RECORDS:,} records; a hook must come to an end")
        yield item
