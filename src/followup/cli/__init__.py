"""The command line: `followup COMMAND …`. Thin: parse, call the engine, print.

Starting it imports click and the standard library only; everything else loads with the command that
needs it, so that `--help` and completion answer at once.
"""

from __future__ import annotations

from followup.cli.root import main

__all__ = ["main"]
