"""What an engine is made of, gathered: settings, plugins, and every folder of scenarios and languages."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from msgspec.structs import replace

from followup import builtin
from followup.caching import Cache
from followup.errors import InputError, UsageError
from followup.fingerprints import fingerprint
from followup.languages import language_folders
from followup.linking import linked
from followup.overriding import Settings, read_settings
from followup.pack import Pack, scenario_folders
from followup.packing import packed
from followup.plugins import Registry, Watch, load_registry
from followup.resources import rules_folder
from followup.vocabulary import Vocabulary, core_fact_table

__all__ = ["Origins", "PathLike", "gather", "uncollected"]

PathLike = str | Path
LeftOut = Mapping[str, str]
"""Plugins that are to be done without, each with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """From where an engine is to be made, as `Engine.load` takes it."""

    rules: Sequence[PathLike] = ()
    settings: PathLike | None = None
    builtin: bool = True
    plugins: bool = True
    deny: Sequence[str] = ()
    extra_plugins: Sequence[tuple[str, object]] = ()
    on_plugin_error: Literal["raise", "collect"] = "raise"
    watch_plugins: Watch | None = None
    cache: PathLike | None = None


def gather(origins: Origins) -> tuple[Pack, Registry]:
    """The rules of all origins, checked, and what the plugins bring.

    Where failing plugins are collected, one whose scenarios cannot be used is left out. Raises RuleError with
    every problem of every file, PluginError and UsageError.
    """
    return _gathered(origins, MappingProxyType({}))


def _gathered(origins: Origins, left_out: LeftOut) -> tuple[Pack, Registry]:
    settings = read_settings(origins.settings) if origins.settings else Settings()
    registry = _registry(origins, settings, left_out)
    folders = _folders(origins, settings, registry)
    try:
        pack = _pack(origins, settings, registry, folders)
    except InputError as error:
        faulty = _with_faulty_rules(registry, error)
        if faulty and origins.on_plugin_error == "collect":
            return _gathered(origins, {**left_out, **faulty})
        for told in (*(plugin.error for plugin in registry.plugins if plugin.error), *faulty.values()):
            error.add_note(told)
        raise
    return pack, registry


def _registry(origins: Origins, settings: Settings, left_out: LeftOut) -> Registry:
    own: list[tuple[str, object]] = [("core", builtin)]
    if origins.builtin:
        own.append(("scenarios", builtin.Scenarios()))
    registry = load_registry(
        own,
        (*origins.deny, *settings.source.plugins.deny, *left_out),
        origins.on_plugin_error,
        origins.extra_plugins,
        installed=origins.plugins,
        watch=origins.watch_plugins,
    )
    told = (
        replace(plugin, status="failed", error=left_out[plugin.name]) if plugin.name in left_out else plugin
        for plugin in registry.plugins
    )
    return replace(registry, plugins=tuple(told))


@contextmanager
def uncollected() -> Iterator[None]:
    """Without searches for garbage: rules are many small values, all of which are needed."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _pack(origins: Origins, settings: Settings, registry: Registry, folders: _Folders) -> Pack:
    """The pack of these folders, from the cache if it is there; else it is loaded, and kept for next time.

    Plugins that are handed over have no version by which they could be known again.
    """

    def load() -> Pack:
        from followup.loading import load_pack

        return load_pack(folders.scenarios, folders.languages, vocabulary, settings, folders.shown)

    def identity() -> str | None:
        return fingerprint(folders.scenarios, folders.languages, folders.shown, origins.settings, registry)

    vocabulary = _vocabulary(registry)
    if origins.cache is None or origins.extra_plugins:
        return load()
    cache, before = Cache(Path(origins.cache)), identity()
    found = None if before is None else cache.find(before)
    if found is not None:
        with suppress(Exception):  # whatever is wrong with it, the files themselves say what holds
            return linked(found, vocabulary)
    pack = load()
    if before is not None and before == identity():  # else a file was changed while it was read
        cache.keep(before, packed(pack))
    return pack


def _vocabulary(registry: Registry) -> Vocabulary:
    return Vocabulary(
        facts={**core_fact_table(), **registry.facts},
        operators=registry.operators,
        events=registry.event_types,
        channels=registry.channels,
        condition_kinds=registry.condition_kinds,
        guard_kinds=registry.guard_kinds,
        reviews=registry.reviews,
        filters=registry.filters,
        namespaces=frozenset(path.partition(".")[0] for path in registry.facts),
    )


@dataclass(slots=True)
class _Folders:
    """Folders to read, each once, and under what name problems in them are shown."""

    scenarios: list[Path]
    languages: list[Path]
    shown: dict[str, str] = field(default_factory=dict)


def _folders(origins: Origins, settings: Settings, registry: Registry) -> _Folders:
    """Those of the plugins, then those that were named. Raises UsageError for one that holds nothing."""
    found = _Folders(list(registry.scenarios.values()), list(registry.languages.values()))
    found.shown |= {str(folder): folder.name for folder in found.scenarios}
    found.shown |= {str(folder): f"languages/{folder.name}" for folder in found.languages}
    found.shown |= {str(folder): folder.name for folder in scenario_folders(rules_folder())}
    for root in (*map(Path, origins.rules), *settings.folders):
        scenarios, spoken = list(scenario_folders(root)), list(language_folders(root))
        if not scenarios and not spoken:
            raise UsageError(f"{root} holds no scenario; name a folder with a `scenario.yaml` in it")
        found.scenarios += scenarios
        if not origins.builtin:
            codes = {folder.name for folder in spoken}
            found.languages = [
                folder
                for folder in found.languages
                if folder.name not in codes or str(folder) not in found.shown
            ]
        found.languages += spoken
    return _Folders(_once(found.scenarios), _once(found.languages), found.shown)


def _once(folders: Iterable[Path]) -> list[Path]:
    return list({folder.resolve(): folder for folder in folders}.values())


def _with_faulty_rules(registry: Registry, error: InputError) -> dict[str, str]:
    """The plugins in whose scenarios something is wrong, each with what and how to do without it."""
    found: dict[str, str] = {}
    for plugin in registry.plugins:
        folders = {f"{name}/" for name in plugin.adds.get("followup_scenarios", ()) if not plugin.builtin}
        wrong = [p for p in error.problems if p.place.file.startswith(tuple(folders))]
        if wrong:
            cure = f"install what it wants, or leave it out: `followup plugins disable {plugin.name}`"
            found[plugin.name] = "\n".join(
                (*(f"{plugin}: {problem}" for problem in wrong), f"{plugin}: {cure}")
            )
    return found
