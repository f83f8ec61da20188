"""docs/rules-reference.md says what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from followup import Engine

DOCS = Path(__file__).parents[1] / "docs"


def test_the_reference_page_is_as_the_code_makes_it() -> None:
    done = subprocess.run(
        [sys.executable, DOCS / "generate_reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_reference_page_names_every_fact_operator_and_intent() -> None:
    page = (DOCS / "rules-reference.md").read_text(encoding="utf-8")
    vocabulary = Engine.load(plugins=False, builtin=False).vocabulary
    names = {*vocabulary.facts_for(vocabulary.event_names), *vocabulary.operators, *vocabulary.intents}
    assert sorted(name for name in names if f"`{name}`" not in page) == []
