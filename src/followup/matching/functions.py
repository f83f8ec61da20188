"""Functions as they are written: lines of Python with their locals, and the tables that they look into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from followup.matching.asked import Entry
from followup.matching.expressions import TRUE, Local, local_name
from followup.operators import matches_glob

__all__ = ["Function", "run"]


class Function:
    """One function in the making. Owners of facts become locals of their own when first needed."""

    def __init__(self, signature: str) -> None:
        self._lines = [f"def {signature}:"]
        self._depth = 1
        self._owners: dict[str, str] = {}
        self._top = 1

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self._lines.append(f"{'    ' * self._depth}{text}")

    @contextmanager
    def block(self, test: str) -> Iterator[None]:
        """What is added inside stands under `if test`; a test that decides nothing is left out."""
        if test == TRUE:
            yield
            return
        with self.nested(f"if {test}:"):
            yield

    @contextmanager
    def nested(self, head: str) -> Iterator[None]:
        """What is added inside stands under this line."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    def set(self, local: Local) -> None:
        """Set a local here."""
        value = self.value(local)
        if value != local.name:
            self.line(f"{local.name} = {value}")

    def value(self, local: Local) -> str:
        """What a local holds, as an expression."""
        return local.value.format(it=self._owner(local.owner))

    def inlined(self, entry: Entry, held: frozenset[Local]) -> str:
        """The text of an entry. What it reads once is read there; what it reads again is set before."""
        text = entry.text
        for local in entry.locals:
            first = local.name
            if local not in held:
                if text.count(local.text) == 1:
                    value = self.value(local)
                    first = value if value.replace(".", "").isidentifier() else f"({value})"
                else:
                    self.set(local)
            text = text.replace(local.text, first, 1).replace(local.text, local.name)
        return text

    def _owner(self, expression: str) -> str:
        """The local that holds an owner; it is set at the top of the function."""
        if expression.isidentifier():
            return expression
        if expression not in self._owners:
            name = local_name(expression.removeprefix("history.").removeprefix("state.").replace(".get", ""))
            self._owners[expression] = name
            self._lines.insert(self._top, f"    {name} = {expression}")
            self._top += 1
        return self._owners[expression]

    @property
    def source(self) -> str:
        return "\n".join(self._lines) + "\n"


def run(source: str, tables: Mapping[str, Any]) -> dict[str, Any]:
    """What a source defines when it is run with these tables and nothing else."""
    words = {"any": any, "all": all, "len": len, "bool": bool, "matches": matches_glob}
    space: dict[str, Any] = {"__builtins__": words, **tables}
    exec(compile(source, "<compiled rules>", "exec"), space)
    return space
