"""How long a plugin may take to load: then it is said which one is waited for, and later it is left out.

A thread watches while the plugin's code runs, and interrupts the main thread as Ctrl-C does. What then comes
out of the plugin is its failure alone, so that the core and the other plugins go on. Code that never comes
back to Python, or swallows every interruption, cannot be stopped so; the message says how to do without it.
"""

from __future__ import annotations

import _thread
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.plugins import PluginInfo

__all__ = ["LIMIT", "VARIABLE", "Patience", "patience"]

LIMIT = 10.0
"""Seconds that a plugin may take to load; after half of them it is said that it is waited for."""
VARIABLE = "FOLLOWUP_PLUGIN_LIMIT"
_AGAIN = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """A watch for `Engine.load`: what takes longer than `limit` seconds is interrupted; 0 is no limit."""

    limit: float = LIMIT

    @contextmanager
    def __call__(self, plugin: PluginInfo) -> Iterator[None]:
        """Watch what runs inside, and let what it prints go to standard error.

        Raises ContractError in place of an interruption, once it was said that it is waited for.
        """
        from followup.contributions import ContractError

        if threading.current_thread() is not threading.main_thread() or not self.limit:
            with redirect_stdout(sys.stderr):
                yield
            return
        watcher = _Watcher(self.limit, plugin)
        try:
            with redirect_stdout(sys.stderr), _interruptible(), watcher:
                yield
        except KeyboardInterrupt:
            # Before it was said that Ctrl-C leaves the plugin out, it means to leave the command.
            if not watcher.told:
                raise
            raise ContractError(watcher.verdict()) from None


def patience() -> Patience:
    """As long as the environment says (`FOLLOWUP_PLUGIN_LIMIT`), else the usual. Raises UsageError."""
    wanted = os.environ.get(VARIABLE) or LIMIT
    with suppress(ValueError):
        limit = float(wanted)
        if limit >= 0 and math.isfinite(limit):
            return Patience(limit)
    raise UsageError(f"{VARIABLE} is `{wanted}`; give a number of seconds, such as 30, or 0 for no limit")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interruption be heard inside, also in a process that was started to hear none, as by `&`."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Watcher:
    """Says after half of the time whom it waits for, and interrupts after all of it, until it is heard."""

    def __init__(self, limit: float, plugin: PluginInfo) -> None:
        self.limit = limit
        self.plugin = plugin
        self.told = False
        self.fired = False
        self.over = threading.Event()
        self.acting = threading.Lock()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        with suppress(KeyboardInterrupt):
            self.over.set()
            with self.acting:
                pass
        if self.fired:
            # An interruption that was sent a moment ago may still be on its way: it must not hit the core.
            with suppress(KeyboardInterrupt):
                self.thread.join()
                for _ in range(100):
                    pass

    def verdict(self) -> str:
        """What is told of a plugin that was interrupted."""
        if not self.fired:
            return "you interrupted it while it loaded, so it is left out this time"
        return (
            f"it was still loading after {self.limit:g} s, so it is left out; `followup plugins disable "
            f"{self.plugin.name}` keeps it out, {VARIABLE}={self.limit * 3:g} gives it longer"
        )

    def _watch(self) -> None:
        if self.over.wait(self.limit / 2):
            return
        self.told = True
        click.echo(
            f"followup: still waiting for {self.plugin} to load; it is left out after {self.limit:g} s. "
            f"Ctrl-C leaves it out now, --deny {self.plugin.name} from the start.",
            err=True,
        )
        wait = self.limit / 2
        while not self.over.wait(wait):
            with self.acting:
                if not self.over.is_set():
                    self.fired = True
                    _interrupt()
            wait = _AGAIN


def _interrupt_portably() -> None:
    _thread.interrupt_main()


def _interrupt_by_signal() -> None:
    main = threading.main_thread().ident
    if main is not None:
        signal.pthread_kill(main, signal.SIGINT)


# Only a real signal ends a call that sleeps or waits, where there are signals for threads.
_interrupt: Callable[[], None] = (
    _interrupt_by_signal if hasattr(signal, "pthread_kill") else _interrupt_portably
)
