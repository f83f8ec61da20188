"""`followup plugins new`: writes a plugin that works, with tests that pass, to be made one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.options import Options, pass_options
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.authoring.new_plugins import NewPlugin

__all__ = ["command"]

MEANINGS = {
    "channel": "a way to reach somebody",
    "scenario": "rules, messages and their tests; no Python",
    "operator": "a test that rules may use in `when`",
    "condition": "what rules may ask of several facts at once",
    "review": "a reader of drafts",
}


@click.command("new")
@click.argument("name")
@click.option("--kind", type=click.Choice(list(MEANINGS)), help="What it adds; asked for on a terminal.")
@click.option(
    "--folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write it; a new folder followup-NAME where not given.",
)
@pass_options
def command(options: Options, name: str, kind: str | None, folder: Path | None) -> None:
    """Write a new plugin NAME: a whole distribution, which works and passes its tests.

    It has a pyproject.toml, a README, a changelog, a licence (Apache-2.0; take another if you like), the code
    or the rules, and tests. Nothing that is there is overwritten.

    \b
    Examples:
      followup plugins new whatsapp --kind channel
      followup plugins new career-fair --kind scenario
      followup plugins new starts-with --kind operator
      followup plugins new total --kind condition
      followup plugins new calm --kind review --folder plugins/calm
    """
    from followup.authoring.new_plugins import NewPlugin, prepare_plugin
    from followup.authoring.starting import write

    if kind is None:
        if not sys.stdin.isatty():
            raise UsageError(f"say what it adds: --kind {'|'.join(MEANINGS)}")
        from followup.cli.asking import choose

        click.echo("What should it add?")
        kind = choose("Kind", MEANINGS, "channel")
    plugin = NewPlugin(name, kind)  # type: ignore[arg-type]  # click and `choose` let nothing else pass
    _check_free(plugin, options)
    prepared = prepare_plugin(plugin, folder or Path(plugin.distribution))
    write(prepared)
    for path in prepared.texts:
        click.echo(f"  {prepared.folder / path}")
    click.echo(f"\nNext:\n  cd {prepared.folder}\n  python3 -m venv .venv")
    install = f"  .venv/bin/pip install {_checkout()}-e"
    if plugin.kind == "scenario":
        click.echo(f"{_email_first(install)} .\n  .venv/bin/followup rules test src/{plugin.package}")
    else:
        click.echo(f"{install} '.[dev]'\n  .venv/bin/pytest")
    click.echo(f"  .venv/bin/followup plugins check {plugin.name}")


def _check_free(plugin: NewPlugin, options: Options) -> None:
    """Refuse a name that an installed plugin has, or that the core or a plugin gave to such a thing."""
    from followup.contributions import CONTRIBUTIONS
    from followup.plugins import list_plugins

    for installed in list_plugins():
        if installed.name == plugin.name:
            raise UsageError(f"the {installed} is installed already; choose another name")
    if plugin.name == "followup":
        raise UsageError("`followup` is the core's own name; choose another name")
    hook = f"followup_{plugin.kind}s"
    taken = {name: info for info in options.engine().plugins for name in info.adds.get(hook, ())}
    words = CONTRIBUTIONS[hook].reserved()
    if plugin.adds in taken:
        owner = taken[plugin.adds]
        whose = "the core's own" if owner.builtin else f"that of the {owner}"
        raise UsageError(f"the {plugin.kind} `{plugin.adds}` is {whose}; choose another name")
    if plugin.adds in words:
        raise UsageError(f"`{plugin.adds}` is a word of the rule language; choose another name")


def _email_first(install: str) -> str:
    """The command with the email channel, which the rules of a new scenario name, from the same checkout."""
    import shlex

    folder = Path(next(iter(shlex.split(_checkout())), ""), "plugins", "followup-email")
    if not _checkout() or not folder.is_dir():
        return install
    return install.removesuffix("-e") + f"{shlex.quote(str(folder))} -e"


def _checkout() -> str:
    """The folder that followup itself was installed from, for pip; empty where it came from an index."""
    import json
    import shlex
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        origin = json.loads(distribution("followup").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return ""
    return f"{shlex.quote(url2pathname(urlsplit(origin['url']).path))} " if "dir_info" in origin else ""
