"""Questions on a terminal: a numbered list of what is known, and the nearest word for one that is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

from followup.errors import did_you_mean

__all__ = ["ask", "choose"]


def ask(question: str, default: str = "", check: Callable[[str], str] = str, *, err: bool = False) -> str:
    """A text; `check` gives it back, perhaps put in order, or raises ValueError with what is wrong.

    `err`: ask on standard error, where standard output is for programs.
    """
    while True:
        answer = str(click.prompt(question, default=default, show_default=bool(default), err=err)).strip()
        try:
            return check(answer)
        except ValueError as problem:
            click.echo(f"  {problem}", err=err)


def choose(
    question: str, known: Mapping[str, str], default: str = "", *, several: bool = False, err: bool = False
) -> str:
    """One of the known words, by name or by number; `several`: more of them, parted by commas."""
    names = list(known)
    width = max(map(len, names))
    for number, (name, meaning) in enumerate(known.items(), start=1):
        click.echo(f"  {number:>2}  {name:<{width}}  {meaning}".rstrip(), err=err)

    def one(answer: str) -> str:
        if answer.isdigit() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
        if answer in known:
            return answer
        cure = did_you_mean(answer, names) or f"give a number from 1 to {len(names)}, or a name"
        raise ValueError(f"`{answer}` is not one of them; {cure}")

    def check(answer: str) -> str:
        if not answer and not default:
            return ""
        words = answer.split(",") if several else [answer]
        return ", ".join(one(word.strip()) for word in words)

    return ask(question, default, check, err=err)
