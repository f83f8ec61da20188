"""`followup rules new`: asks what a rule should do and writes it, with a message and with tests that pass."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from followup.cli.options import Options, pass_options
from followup.errors import InputError, RuleError, UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.authoring.new_rules import NewRule
    from followup.authoring.starting import Prepared
    from followup.engine import Engine

__all__ = ["command"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
DEFAULTS = {
    "intent": "inquiry",
    "after": "interview",
    "to": "contact",
    "wait": "1 week",
    "open-for": "2 weeks",
}
FOLDER = "my-rules"


@click.command("new")
@click.argument("name", required=False)
@click.option(
    "--folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    help=f"The scenario's folder; a new one is made. This one if it is a scenario, else {FOLDER}.",
)
@click.option("--scenario", metavar="NAME", help="The name of a new scenario; the folder's where not given.")
@click.option("--title", help="What the rule does, in a few words.")
@click.option("--intent", help="What the follow-up is for.")
@click.option("--after", metavar="EVENT", help="The event that it hangs on: interview, or `sent: thanks`.")
@click.option("--wait", metavar="DURATION", help="How long after the event its window opens.")
@click.option("--within", metavar="DURATION", help="A deadline, counted from the event.")
@click.option("--open-for", metavar="DURATION", help="How long the window stays open, instead of a deadline.")
@click.option("--to", help="Who gets it: contact, each interviewer, lead, self, or a role.")
@click.option("--via", metavar="CHANNEL", multiple=True, help="A channel; the best first.")
@click.option("--when", metavar="FACT: TEST", multiple=True, help="Only when this holds; several times: all.")
@click.option("--advice", metavar="ID", multiple=True, help="The advice that it carries out.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@pass_options
def command(options: Options, /, yes: bool, dry_run: bool, **given: Any) -> None:
    """Write a new rule, with a message to begin with and tests that pass.

    On a terminal it asks for what is not given; else, and with --yes, it takes the usual. Nothing that
    exists is overwritten: a rule is added at the end of a scenario.yaml, a test at the end of a tests.yaml.

    \b
    Examples:
      followup rules new
      followup rules new thank-scheduler --intent thanks --to scheduler --wait "1 hour" --within "2 days"
      followup rules new nudge --after "sent: thanks" --wait "10 days" --when "company.culture: relaxed" --yes
    """
    from followup.authoring.starting import prepare, write

    asking = sys.stdin.isatty() and not yes
    if asking:
        click.echo("A new rule: after an event, one message to somebody.")
        click.echo("Return takes what stands in brackets; Ctrl-C leaves, and nothing is written.\n")
    folder = Path(given["folder"] or _folder(asking))
    scenario = given["scenario"] or _scenario_name(folder)
    exists = (folder / "scenario.yaml").exists()
    if exists and given["scenario"]:
        raise UsageError(f"{folder} is a scenario already and has its name; leave --scenario out")

    def load(place: Path) -> Engine:
        return _without(options, folder).load([str(place)])

    engine = load(folder) if exists else options.engine()
    rule = _checked(_asked(given, engine) if asking else _given(given), engine)
    try:
        prepared = prepare(rule, folder, scenario, scenario.replace("-", " ").capitalize(), load)
    except RuleError as error:
        # What was there before has been loaded, so it is the new rule that is wrong; it stands nowhere yet.
        told = "; ".join(f"{p.text}{f' ({p.cure})' if p.cure else ''}" for p in error.problems)
        raise UsageError(f"such a rule cannot be loaded: {told}") from None
    _show(prepared)
    if dry_run:
        click.echo("Nothing is written (--dry-run).")
        return
    if asking and not click.confirm("Write this?", default=True):
        click.echo("Nothing is written.")
        return
    write(prepared)
    _tried(options, prepared, rule)


# What is asked, and what is given


def _given(given: Mapping[str, Any]) -> NewRule:
    if not given["name"]:
        raise UsageError("the rule needs a name; write `followup rules new NAME`")
    return _rule(given)


def _rule(given: Mapping[str, Any]) -> NewRule:
    """The rule of these answers, with the usual for what is missing."""
    from followup.authoring.new_rules import NewRule
    from followup.documents import read_document

    after, _, intent = (given["after"] or DEFAULTS["after"]).replace("=", ":").partition(":")
    when: dict[str, Any] = {}
    for text in given["when"]:
        value = read_document(text, "--when").value
        if not isinstance(value, dict):
            raise UsageError(
                f"--when: `{text}` is no condition; write `FACT: TEST`: `company.culture: relaxed`"
            )
        when |= value
    windowless = not given["within"] and not given["open_for"]
    to = given["to"] or DEFAULTS["to"]
    return NewRule(
        name=given["name"],
        title=given["title"] or given["name"].replace("-", " ").capitalize(),
        intent=given["intent"] or ("task" if to == "self" else DEFAULTS["intent"]),
        after=after.strip(),
        after_intent=intent.strip(),
        wait=_usual_wait(given) if given["wait"] is None else given["wait"],
        within=given["within"] or "",
        open_for=given["open_for"] or (DEFAULTS["open-for"] if windowless else ""),
        to=to,
        via=tuple(given["via"]),
        advice=tuple(given["advice"]),
        when=when,
    )


def _usual_wait(given: Mapping[str, Any]) -> str:
    """A week; nothing under a deadline, which might be over by then."""
    return "" if given["within"] else DEFAULTS["wait"]


def _asked(given: Mapping[str, Any], engine: Engine) -> NewRule:
    """The rule of the answers to one question after another; what was given is not asked."""
    from followup.cli.asking import ask, choose

    answers = dict(given)
    words = engine.vocabulary
    click.echo("")
    if not answers["name"]:
        answers["name"] = ask("Its name, such as thank-scheduler", check=lambda text: _name(text, engine))
    if answers["title"] is None:
        answers["title"] = ask("What does it do?", answers["name"].replace("-", " ").capitalize())
    if answers["to"] is None:
        click.echo("\nWho gets it?")
        answers["to"] = choose("Recipient", _recipients(), DEFAULTS["to"])
    if answers["intent"] is None:
        click.echo("\nWhat is it for?")
        usual = "task" if answers["to"] == "self" else DEFAULTS["intent"]
        answers["intent"] = choose("Intent", dict(sorted(words.intents.items())), usual)
    if answers["after"] is None:
        click.echo("\nAfter which event?")
        answers["after"] = choose("Event", _events(engine), DEFAULTS["after"])
    click.echo("")
    if answers["wait"] is None:
        answers["wait"] = ask("How long after it does the window open?", DEFAULTS["wait"], _duration)
    if answers["within"] is None and answers["open_for"] is None:
        usual = DEFAULTS["open-for"]
        answers["open_for"] = ask("And how long does it stay open?", usual, _duration)
    if not answers["via"] and answers["to"] != "self":
        click.echo("\nBy which channel? Several, the best first, are parted by commas.")
        channels = {name: channel.label for name, channel in words.channels.items()}
        usual = "email" if "email" in channels or not channels else next(iter(channels))
        names = choose("Channel", channels or {"email": "Email"}, usual, several=True)
        answers["via"] = tuple(name.strip() for name in names.split(","))
    if not answers["when"]:
        when = ask("\nOnly when, as FACT: TEST (company.culture: relaxed); nothing: always", check=_condition)
        answers["when"] = (when,) if when else ()
    return _rule(answers)


def _checked(rule: NewRule, engine: Engine) -> NewRule:
    """The rule, if every name and duration in it is known. Raises UsageError with the nearest."""
    words = engine.vocabulary
    try:
        _name(rule.name, engine)
    except ValueError as problem:
        raise UsageError(str(problem)) from None
    via = rule.via or (() if rule.to == "self" else ("email",))
    known: list[tuple[str, str, Any]] = [
        ("--intent", rule.intent, words.intents),
        ("--after", rule.after, words.event_names),
        ("--to", rule.to, _recipients()),
        *(("--via", channel, words.known_channels) for channel in via),
        *(("--advice", id_, engine.advice) for id_ in rule.advice),
    ]
    if rule.after_intent.startswith("{"):
        raise UsageError(
            f"--after: only an intent may follow `{rule.after}:` here; test its fields with --when, "
            f'as in `--when "anchor.medium: phone"`'
        )
    if rule.after_intent:
        known.append(("--after", rule.after_intent, words.intents))
    for option, word, names in known:
        if word not in names:
            cure = did_you_mean(word, names)
            raise UsageError(f"{option}: `{word}` is not known" + (f"; {cure}" if cure else ""))
    durations = {"--wait": rule.wait, "--within": rule.within, "--open-for": rule.open_for}
    for option, text in durations.items():
        try:
            _duration(text)
        except ValueError as problem:
            raise UsageError(f"{option}: {problem}") from None
    return replace(rule, via=via)


def _name(text: str, engine: Engine) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(f"`{text}` cannot be a name; use small letters, digits and `-`: `thank-scheduler`")
    if text in engine.rules or text in engine.guards:
        raise ValueError(f"a rule or guard `{text}` exists already; give another name")
    return text


def _duration(text: str) -> str:
    from followup.durations import parse_duration

    return str(parse_duration(text)) if text else ""


def _condition(text: str) -> str:
    from followup.documents import read_document

    if not text:
        return ""
    try:
        good = isinstance(read_document(text, "it").value, dict)
    except InputError:
        good = False
    if not good:
        raise ValueError("write a fact, a colon, a space and a test: `company.culture: relaxed`")
    return text


def _recipients() -> Mapping[str, str]:
    from followup.vocabulary import SELECTORS

    meanings = {
        "contact": "one spokesperson: whom they named, else the recruiter, else the hiring manager …",
        "each interviewer": "everybody who took part, one message each",
        "lead": "the hiring manager among them, else the first named",
        "anchor": "the person whom the event names",
        "self": "yourself: a task",
    }
    return {name: meanings.get(name, "people of that role") for name in SELECTORS}


def _events(engine: Engine) -> Mapping[str, str]:
    from followup.authoring.sampling import PLAYABLE

    declared = engine.vocabulary.events
    return {**PLAYABLE, **{name: event.title for name, event in sorted(declared.items())}}


def _folder(asking: bool) -> str:
    from followup.cli.asking import ask

    usual = "." if Path("scenario.yaml").exists() else FOLDER
    return ask("The scenario's folder; a new one is made", usual) if asking else usual


def _scenario_name(folder: Path) -> str:
    made = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    return made if _NAME.fullmatch(made) else FOLDER


def _without(options: Options, folder: Path) -> Options:
    """The same options without this folder among the rules: a copy of it is tried out."""
    from followup.pack import scenario_folders

    home = folder.resolve()
    rules = [
        str(each) for root in options.rules for each in scenario_folders(Path(root)) if each.resolve() != home
    ]
    return Options(options.settings, rules, options.plugins, options.deny)


# What is shown


def _show(prepared: Prepared) -> None:
    for name, text in prepared.texts.items():
        path = prepared.folder / name
        if name.startswith("."):
            click.secho(f"\n{path}  (made, for your editor)", bold=True)
            continue
        added = prepared.added.get(name)
        click.secho(f"\n{path}  ({'added at the end' if added else 'new'})", bold=True)
        for line in added if added is not None else text.splitlines():
            click.echo(f"  {line}".rstrip())
    click.echo("")


def _tried(options: Options, prepared: Prepared, rule: NewRule) -> None:
    """Check and test what is written, and say what to do next."""
    from followup.cli.rules import check, test

    folder = str(prepared.folder)
    context = click.get_current_context()
    for tool, arguments in ((check.command, ["check", folder]), (test.command, ["test", folder])):
        click.secho(f"$ followup rules {' '.join(arguments)}", dim=True)
        try:
            with tool.make_context(arguments[0], [folder], parent=context) as own:
                own.obj = _without(options, prepared.folder)
                tool.invoke(own)
        except click.exceptions.Exit:
            continue
    if prepared.untested:
        click.echo(f"\nNo test was made, since in a made-up case the rule is never due: {prepared.untested}.")
    if prepared.aside:
        click.echo(
            f"\nIn the tests {', '.join(prepared.aside)} had to be put aside, or would go first: two messages"
            f"\nof one wish are never sent. Give {rule.name} a higher `priority:`, or switch the other off."
        )
    click.echo(
        f"\nNext:\n"
        f"  edit {prepared.folder / 'messages' / rule.name}.md\n"
        f"  followup rules test {folder}\n"
        f"  followup --rules {folder} plan STATE.yaml     (followup demo --state makes one)"
    )
