"""The command `followup` itself: what is asked of all commands, and how anything that fails is told."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from followup.cli.lazy import LazyGroup
from followup.cli.options import options_of
from followup.commands import COMMANDS, SECTIONS
from followup.errors import FollowupError, InputError, PluginError, UsageError

if TYPE_CHECKING:
    from followup.plugins import PluginInfo

__all__ = ["INTERNAL_ERROR", "INTERRUPTED", "PIPE_CLOSED", "cli", "main"]

INTERNAL_ERROR = 70
INTERRUPTED = 130
PIPE_CLOSED = 141

# Where each command stands; the module is imported when it is used.
MODULES = {name: f"followup.cli.{name}" for name in COMMANDS}
# No module can have this name in an import statement.
MODULES["import"] = "followup.cli.importing"


class Root(LazyGroup):
    """The commands of the core; plugins are asked only for names that it does not know."""

    lines = COMMANDS
    modules = MODULES

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is not None or ctx.resilient_parsing or cmd_name.startswith("-"):
            return command
        return _of_a_plugin(ctx, cmd_name)

    def aside(self, ctx: click.Context) -> str:
        told = _kept_out(ctx)
        return f". {told}" if told else ""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, self.lines))
        for title, lines in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), line) for name, line in lines.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever fails is told in lines, never by a traceback."""
        try:
            return super().invoke(ctx)
        except UsageError as problem:
            _complain(f"followup: {problem}")
            ctx.exit(2)
        except FollowupError as problem:
            for told in (problem, *getattr(problem, "__notes__", ())):
                _complain(str(told))
            if isinstance(problem, InputError) and (told := _aside_of(problem, ctx)):
                _complain(told)
            ctx.exit(2)
        except BrokenPipeError:
            _silence(sys.stdout)
            ctx.exit(PIPE_CLOSED)
        except (KeyboardInterrupt, EOFError, click.Abort):
            click.echo("", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as fault:
            if os.environ.get("FOLLOWUP_DEBUG") == "1":
                raise
            _tell_fault(fault, _whose(ctx, fault))
            ctx.exit(INTERNAL_ERROR)
        except SystemExit as leaving:
            # A plugin's own command may leave as it likes; what it is asked by a core command may not.
            if ctx.invoked_subcommand not in COMMANDS or _at_fault(leaving) is None:
                raise
            _tell_fault(leaving, _whose(ctx, leaving))
            ctx.exit(INTERNAL_ERROR)


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"followup {version('followup')}")
    except PackageNotFoundError:
        click.echo("followup, run from its source without being installed")
    ctx.exit()


@click.group(
    cls=Root,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Plugins may add commands: `followup plugins list` shows them. "
    "Exit codes: 0 fine, 1 findings in what was checked, 2 wrong use or unreadable input.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
              help="Print the version and leave.")  # fmt: skip
@click.option(
    "--settings",
    type=click.Path(dir_okay=False),
    envvar="FOLLOWUP_SETTINGS",
    metavar="FILE",
    help="Your settings: parameters, overrides, folders with rules. Also FOLLOWUP_SETTINGS.",
)
@click.option(
    "--rules",
    type=click.Path(file_okay=False),
    multiple=True,
    metavar="FOLDER",
    help="A folder with a scenario of your own; may be given several times.",
)
@click.option("--no-plugins", is_flag=True, help="Load no plugin at all.")
@click.option(
    "--deny", multiple=True, metavar="NAME", help="Do not load this plugin; may be given several times."
)
@click.pass_context
def cli(ctx: click.Context, /, **_: object) -> None:
    """What to do after a job interview: whom to write to, when, with what words, and why.

    \b
    Start here:
      followup demo                     see it work
      followup init                     say who you are, once
      followup add                      put in an opportunity; it asks what it needs
      followup today                    what is due, what is held and why
      followup explain initech inquiry  why that rule says what it says

    Or keep files: `followup demo --state > initech.yaml` makes one, `followup plan initech.yaml` plans it.
    """
    options_of(ctx)


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Most commands end before there is garbage worth a search, and a long one still searches now and then.
    gc.set_threshold(100_000)
    _replace_unprintable(sys.stdout)
    _replace_unprintable(sys.stderr)
    code: object = 0
    try:
        cli(prog_name="followup")
    except SystemExit as leaving:
        code = leaving.code
    except KeyboardInterrupt:
        code = INTERRUPTED
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
        code = code or PIPE_CLOSED
    sys.exit(code)  # type: ignore[arg-type]


def _of_a_plugin(ctx: click.Context, name: str) -> click.Command | None:
    """The command of that name which a plugin brings, imported now. Raises PluginError if it cannot be."""
    found = next((each for each in options_of(ctx).engine().commands if each.name == name), None)
    if found is None or isinstance(found, click.Command):
        return found
    try:
        return found.load()
    except PluginError as error:
        raise PluginError(f"{_brought_by(ctx, name)}: {error}") from error


def _whose(ctx: click.Context, fault: BaseException) -> PluginInfo | None:
    """The plugin in whose code or command a fault came up; None if it is followup's own."""
    plugin = _at_fault(fault)
    name = ctx.invoked_subcommand
    if plugin is not None or name is None or name in COMMANDS:
        return plugin
    return _brought_by(ctx, name)


def _at_fault(fault: BaseException) -> PluginInfo | None:
    from followup.plugins import plugin_at_fault

    return plugin_at_fault(fault)


def _brought_by(ctx: click.Context, name: str) -> PluginInfo | None:
    plugins = options_of(ctx).engine().plugins
    return next((each for each in plugins if name in each.adds.get("followup_commands", ())), None)


def _aside_of(problem: InputError, ctx: click.Context) -> str:
    """What is disabled, where something is named that nobody knows."""
    unknown = any(each.code.startswith("unknown-") for each in problem.problems)
    return _kept_out(ctx) if unknown else ""


def _kept_out(ctx: click.Context) -> str:
    """The disabled plugins, which may bring what is not known, and how to let one in; empty for none."""
    try:
        disabled = options_of(ctx).disabled()
    except InputError:
        return ""
    names = ", ".join(f"`{name}`" for name in disabled)
    return f"Disabled is {names}: `followup plugins enable NAME` lets a plugin in" if disabled else ""


def _complain(words: str) -> None:
    from followup.cli.wording import printable

    click.echo(printable(words), err=True)


def _tell_fault(fault: BaseException, plugin: PluginInfo | None) -> None:
    told = " ".join(f"{type(fault).__name__}: {fault}".split())
    cure = f"; `followup plugins disable {plugin.name}` keeps it out" if plugin else ""
    _complain(
        f"followup: this is a fault in {plugin or 'followup'}, please report it: {told} "
        f"(FOLLOWUP_DEBUG=1 shows where){cure}"
    )


def _silence(stream: Any) -> None:
    """Let what is still buffered for a closed pipe go nowhere, also when the interpreter ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        return


def _replace_unprintable(stream: Any) -> None:
    """Show `?` for what the terminal's encoding does not have instead of failing."""
    encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
    if encoding != "utf8" and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
