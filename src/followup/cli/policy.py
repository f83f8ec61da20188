"""The user's policy, where a command asks for it: what may go out without being asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.sending.policies import Policy

__all__ = ["POLICY", "policy_of"]

FILE = "policy.yaml"
POLICY = click.option(
    "--policy", type=click.Path(dir_okay=False, exists=True), envvar="FOLLOWUP_POLICY", metavar="FILE",
    help=f"What may go out without being asked. Also FOLLOWUP_POLICY; else `{FILE}` in your configuration "
    "folder. Without such a file nothing does.",
)  # fmt: skip
"""The option `--policy`."""


def policy_of(engine: Engine, file: str | None) -> Policy:
    """The policy of the file, else of the usual one; one that allows nothing where there is none.

    Raises InputError with every problem.
    """
    from followup.cli.disabling import config_folder
    from followup.sending.policies import Policy, read_policy

    path = Path(file) if file else config_folder() / FILE
    return read_policy(path, engine.vocabulary) if file or path.exists() else Policy()
