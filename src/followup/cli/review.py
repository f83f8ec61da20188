"""`followup review`: what the reviews find in a text that somebody wrote or edited."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.reading import STDIN, read_state
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.plan import Draft, Finding

__all__ = ["command", "read_draft"]

MAX_BYTES = 50_000
_SUBJECT = re.compile(r"\A(?:\ufeff)?subject:[ \t]*([^\n]*)\n?\n*", re.IGNORECASE)


@click.command("review")
@click.argument("state", type=click.Path(allow_dash=True))
@click.argument("text", metavar="FILE", type=click.Path(allow_dash=True))
@click.option("--key", metavar="KEY", help="The follow-up whose draft it is, as the plan names it.")
@click.option("--to", metavar="PERSON", help="The id of the person in the state that it goes to.")
@click.option("--intent", help="What it is for: thanks, inquiry, final, decline …")
@click.option("--channel", help="How it goes out; where not given, that of the follow-up, else email.")
@click.option("--language", metavar="CODE", help="Its language, such as de; where not given, the text tells.")
@click.option("--now", metavar="TIME", help="The moment to plan for; where not given, the present.")
@click.option(
    "--other",
    metavar="STATE",
    multiple=True,
    type=click.Path(),
    help="Another opportunity of yours, whose names do not belong into this text; may be repeated.",
)
@FORMAT
@pass_options
def command(
    options: Options,
    state: str,
    text: str,
    key: str | None,
    to: str | None,
    intent: str | None,
    channel: str | None,
    language: str | None,
    now: str | None,
    other: tuple[str, ...],
    form: str,
) -> None:
    """Read the text in FILE (or - for standard input) as it would go out, and say what should be better.

    Name the follow-up with --key, or the person with --to and the purpose with --intent. The first line of
    the text may be `Subject: …`. Exit code 0: nothing to mend; 1: errors or warnings; 2: it cannot be read.

    \b
    Examples:
      followup review initech.yaml thanks.txt --key thank-you:r1:dana
      followup review initech.yaml - --to dana --intent thanks < thanks.txt
      followup review initech.yaml thanks.txt --to dana --intent thanks --other globex.yaml --format json
    """
    from followup.cli.opportunities import state_at

    if key is None and (to is None or intent is None):
        raise UsageError("say what the text is for: `--key KEY`, or `--to PERSON` and `--intent INTENT`")
    if key is not None and (to is not None or intent is not None):
        raise UsageError("`--key` says already to whom and what for; leave out `--to` and `--intent`")
    if state == STDIN and text == STDIN:
        raise UsageError("standard input (`-`) can be read only once; name the state or the text as a file")
    engine = options.engine()
    read, moment, _ = state_at(engine, state, now)
    draft = read_draft(text)
    if key is not None:
        found = {followup.key: followup for followup in engine.plan(read, moment).followups}.get(key)
        intent, channel = (found.intent, channel or found.channel) if found else ("", channel)
    findings = engine.review(
        draft,
        read,
        intent=intent or "",
        channel=channel or "email",
        to=to,
        now=moment,
        key=key,
        language=language,
        others=[read_state(engine, path).state for path in other],
    )
    _print(findings, draft, text, form)
    if any(finding.severity != "note" for finding in findings):
        click.get_current_context().exit(1)


def read_draft(path: str) -> Draft:
    """The draft in a text file, or on standard input for `-`. Raises UsageError."""
    from followup.plan import Draft

    try:
        if path == STDIN:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UsageError(f"the text is longer than {MAX_BYTES} bytes; nobody would read it")
        text = data.decode("utf-8").replace("\r\n", "\n")
    except OSError as problem:
        raise UsageError(f"cannot read {path}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path} is not UTF-8 (byte {problem.start + 1}); save it as UTF-8") from None
    match = _SUBJECT.match(text)
    return Draft(match[1].strip(), text[match.end() :]) if match else Draft("", text)


def _print(findings: tuple[Finding, ...], draft: Draft, path: str, form: str) -> None:
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"format": 1, "findings": findings}))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_findings import draw_findings

    draw(draw_findings(findings, draft, "the text" if path == STDIN else path))
