from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from followup.testing import ScenarioPackConformance

ROOT = Path(__file__).parents[3]
PLUGIN = ROOT / "plugins" / "followup-networking"


class TestNetworking(ScenarioPackConformance):
    plugin = "networking"
    also = ("email", "linkedin", "phone")


def test_there_is_no_python_in_it() -> None:
    assert not list((PLUGIN / "src").rglob("*.py"))


def test_every_message_is_there_in_german_too() -> None:
    messages = PLUGIN / "src" / "followup_networking" / "networking" / "messages"
    english = {path.name for path in messages.glob("*.md")}
    assert english == {path.name for path in (messages / "de").glob("*.md")}


def test_the_readme_shows_real_output(tmp_path: Path) -> None:
    shown = (PLUGIN / "README.md").read_text("utf-8")
    page = tmp_path / "README.md"
    page.write_text(shown, "utf-8")
    subprocess.run([sys.executable, ROOT / "docs" / "console.py", page], check=True)
    # How many rules are silent hangs on what else is installed.
    assert re.sub(r"\d+ silent", "N silent", page.read_text("utf-8")) == re.sub(
        r"\d+ silent", "N silent", shown
    )
