"""`followup log-call`: asks what came of a call, and writes it into the state as events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

import click

from followup.cli.asking import ask, choose
from followup.cli.opportunities import NOW, Options, pass_options, state_at
from followup.cli.reading import STDIN
from followup.errors import UsageError, did_you_mean
from followup.plain import plain_line
from followup.records import DayOrTime
from followup.wording import day_and_time, day_and_year
from followup_phone.outcomes import ANSWERS, OUTCOMES, SPOKE, Answer, Call, Outcome, events_of

if TYPE_CHECKING:
    from followup.calendars import Calendar
    from followup.cli.times import Clock
    from followup.engine import Engine
    from followup.plan import FollowUp, Plan
    from followup.state import InterviewState

__all__ = ["log_call"]


@click.command("log-call")
@click.argument("state", type=click.Path(allow_dash=True))
@click.argument("key", metavar="KEY|PERSON")
@NOW
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["file", "json", "yaml"]),
    default="file",
    show_default=True,
    help="Put the events into the file, or print them.",
)
@pass_options
def log_call(options: Options, state: str, key: str, now: str | None, dry_run: bool, form: str) -> None:
    """Ask what came of a call, and put it into STATE as events.

    KEY is the follow-up that was the reason for the call, as the plan names it; for another call give the
    PERSON's id. --now is when the call took place. Days may be said as they were on the phone (`Tuesday`,
    `1 December`) and are read back in full. What stands in the file is kept; Ctrl-C leaves it as it is. The
    events of an opportunity of your store go there.

    \b
    Examples:
      followup log-call aurora.yaml inquiry:conversa:bia
      followup log-call aurora.yaml bia --now 2026-08-26T10:20-03:00 --dry-run
      followup log-call aurora.yaml bia --format json
    """
    from followup.cli.recording import record

    if state == STDIN and form == "file":
        raise UsageError("standard input cannot be written into; name a file, or print with --format yaml")
    if state == STDIN:
        raise UsageError("standard input is for your answers; name the state as a file")
    engine = options.engine()
    read, moment, clock = state_at(engine, state, now)
    plan = engine.plan(read, moment, drafts=False)
    person, followup = _whom(read, plan, key)
    if followup is not None and followup.status == "done":
        click.confirm(
            f"`{key}` is done already. Was there another call?", default=False, abort=True, err=True
        )
    events = events_of(_asked(engine, read, person, moment, clock), followup)
    if not events:
        raise UsageError("there is nothing to write down")
    if form == "file":
        record(engine, state, events, dry_run=dry_run)
        return
    from followup.authoring.recording import as_data

    data = as_data(read, events)
    if form == "json":
        import json

        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        from followup.authoring.yaml_text import flow

        click.echo("\n".join(f"- {flow(row)}" for row in data))


def _whom(state: InterviewState, plan: Plan, key: str) -> tuple[str, FollowUp | None]:
    """The person who was called, and the follow-up that was the reason."""
    if key in state.people:
        return key, None
    found = next((followup for followup in plan.followups if followup.key == key), None)
    if found is None:
        known = [*state.people, *(followup.key for followup in plan.followups)]
        cure = did_you_mean(key, known) or "people are " + ", ".join(state.people)
        raise UsageError(f"`{key}` is neither a follow-up of the plan nor a person's id; {cure}")
    if found.to is None or found.to.id not in state.people:
        raise UsageError(f"`{key}` goes to nobody at the company; name the person who was called")
    return found.to.id, found


@dataclass(frozen=True, slots=True)
class _Ask:
    """Asks for days and times, and reads each back in full before it counts."""

    engine: Engine
    moment: datetime
    clock: Clock
    calendar: Calendar

    def when(self, question: str, *, optional: bool = False, timed: bool = False) -> DayOrTime | None:
        """A day or time; None where it is optional and not known; with `timed` it needs the time of day."""
        from followup_phone.days import read_when

        found: list[DayOrTime] = []

        def check(answer: str) -> str:
            found.clear()
            if not answer and optional:
                return answer
            value = read_when(answer, self.moment, self.calendar, self.engine.languages.values())
            if timed and not isinstance(value.value, datetime):
                raise ValueError("and at what time? write `1 December 15:00`")
            found.append(value)
            return answer

        while True:
            ask(question, "", check, err=True)
            if not found or click.confirm(
                f"  That is {self._in_full(found[0])}. Right?", default=True, err=True
            ):
                return found[0] if found else None

    def _in_full(self, when: DayOrTime) -> str:
        value = when.value
        if isinstance(value, datetime):
            words, start = f"{day_and_time(value)} ({self.calendar.zone})", value
        else:
            words, start = day_and_year(value), self.calendar.local(self.calendar.at(value, 12))
        return f"{words}, {self.clock.relative(start)}"


def _asked(engine: Engine, state: InterviewState, person: str, moment: datetime, clock: Clock) -> Call:
    from followup.history import person_calendar

    name = plain_line(state.people[person].name or person)
    asks = _Ask(engine, moment, clock, person_calendar(state, None))
    known = cast("dict[str, str]", dict(OUTCOMES))
    outcome = cast("Outcome", "")
    while not outcome:
        outcome = cast("Outcome", choose(f"How did the call with {name} end", known, err=True))
    answer: Answer = "nothing new"
    when: DayOrTime | None = None
    message = False
    if outcome in SPOKE:
        said = cast("dict[str, str]", dict(ANSWERS))
        answer = cast("Answer", choose("What did they say", said, "nothing new", err=True))
        if answer in _QUESTIONS:
            when = _QUESTIONS[answer](asks)
    elif outcome == "gatekeeper":
        message = click.confirm("Did they take a message for you?", default=False, err=True)
    if outcome not in SPOKE and outcome != "voicemail" and not message:
        when = asks.when("When will you call again (empty: not said)", optional=True)
    words = ask("In their words, or a note (may be empty)", err=True)
    return Call(
        at=moment, person=person, outcome=outcome, answer=answer, when=when, words=words, message=message
    )


_QUESTIONS: dict[str, Callable[[_Ask], DayOrTime | None]] = {
    "date": lambda asks: asks.when("By when"),
    "interview": lambda asks: asks.when("When is the interview", timed=True),
    "offer": lambda asks: asks.when("By when do they want your answer (empty: not said)", optional=True),
}
