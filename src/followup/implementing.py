"""What a plugin implements: the hooks that it has, each of which can be called, and for which version."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from operator import attrgetter

import pluggy

from followup.contributions import CONTRIBUTIONS, ContractError, shown
from followup.errors import did_you_mean
from followup.hookspecs import API_VERSION

__all__ = ["check_version", "hooks_of"]


def check_version(plugin: object) -> None:
    """Refuse a plugin that does not say for which version it is written, or says a newer one."""
    version = getattr(plugin, "FOLLOWUP_API", None)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        what = "it has no `FOLLOWUP_API`" if version is None else f"its `FOLLOWUP_API` is {shown(version)}"
        where = getattr(plugin, "__file__", None) or f"the class `{type(plugin).__name__}`"
        raise ContractError(f"{what}; write `FOLLOWUP_API = {API_VERSION}` in {where}")
    if version > API_VERSION:
        raise ContractError(
            f"it needs version {version} of the plugin interface, but this followup has {API_VERSION}; "
            "install a newer followup, or an older release of the plugin"
        )


def hooks_of(
    plugin: object, name: str, manager: pluggy.PluginManager
) -> list[tuple[str, Callable[[], object]]]:
    """The plugin's implementations with their hooks; refuses those that would never be called."""
    if isinstance(plugin, type):
        raise ContractError(f"`{plugin.__name__}` is a class; name an object made from it, or a module")
    for hook in sorted(CONTRIBUTIONS.keys() & set(dir(plugin))):
        if manager.parse_hookimpl_opts(plugin, hook) is None:
            raise ContractError(f"`{hook}` is not marked as a hook; write `@hookimpl` above it")
        _check_arguments(hook, getattr(plugin, hook))
    try:
        manager.register(plugin, name)
    except pluggy.PluginValidationError as error:
        raise ContractError(" ".join(str(error).split())) from error
    hooks = []
    for caller in sorted(manager.get_hookcallers(plugin) or (), key=attrgetter("name")):
        for implementation in caller.get_hookimpls():
            if implementation.plugin is not plugin:
                continue
            if implementation.wrapper or implementation.hookwrapper:
                raise ContractError(f"`{caller.name}` is a wrapper; return records instead")
            if caller.has_spec():
                hooks.append((caller.name, implementation.function))
            elif not implementation.optionalhook:
                raise ContractError(
                    f"there is no hook `{caller.name}`; {did_you_mean(caller.name, CONTRIBUTIONS)}"
                )
    return hooks


def _check_arguments(hook: str, function: Callable[..., object]) -> None:
    wanted = [
        f"`{parameter.name}`"
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if wanted:
        code = inspect.unwrap(function).__code__
        raise ContractError(
            f"`{hook}` asks for {', '.join(wanted)}, but no hook has arguments; "
            f"write `def {hook}():` ({code.co_filename}:{code.co_firstlineno})"
        )
