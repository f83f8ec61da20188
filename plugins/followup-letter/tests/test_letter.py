"""`followup letter` as it is typed, and the page as another library reads it."""

from __future__ import annotations

import io
import re
import shlex
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from followup.cli.options import Options
from followup.cli.root import cli
from followup.errors import UsageError
from followup.plan import Draft
from followup.testing import composition
from followup_letter import LetterChannel
from followup_letter.page import Letter, pdf

NOW = "2026-11-20T14:00-06:00"
KEY = "thank-you:r1:dana"
US = """\
format: 1
candidate:
  name: Ana Souza
  email: ana@souza.example
  phone: "+1 312 555 0188"
  timezone: America/Chicago
  address: "7 Elm Street\\nEvanston, IL 60201"
company: {name: Initech, culture: relaxed, country: US, region: IL, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana:
    name: Dana Whitfield
    email: dana@initech.example
    address: "1 Main Street, Suite 4\\nChicago, IL 60601"
events:
  - {type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana], topics: {dana: [the migration]}}
"""
DE = (
    US.replace("country: US, region: IL", "country: DE, language: de")
    .replace("culture: relaxed", "culture: formal")
    .replace("name: Dana Whitfield", "name: Jana Müller-Lüdenscheidt\n    title: Dr.\n    salutation: ms")
    .replace("1 Main Street, Suite 4\\nChicago, IL 60601", "Straße des 17. Juni 135\\n10623 Berlin")
    .replace("7 Elm Street\\nEvanston, IL 60201", "Hauptstraße 1\\n04109 Leipzig")
)
SETTINGS = "format: 1\noverrides:\n  thank-you: {via: [letter, email]}\n"

Place = tuple[float, float]


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """The options before the command: thanks go by letter. The engine is loaded once."""
    settings = tmp_path_factory.mktemp("settings") / "settings.yaml"
    settings.write_text(SETTINGS, "utf-8")
    return Options(settings=str(settings), deny=("proofreading",))


def letter(
    options: Options, folder: Path, state: str, *words: str, now: str = NOW, key: str = KEY
) -> tuple[Result, Path]:
    path, page = folder / "state.yaml", folder / "letter.pdf"
    path.write_text(state, "utf-8")
    arguments = ["letter", str(path), key, "--now", now, "-o", str(page), *words]
    return CliRunner().invoke(cli, arguments, obj=options), page


def placed(page: Path) -> dict[str, Place]:
    """Where each piece of text begins, in millimetres from the left and the top; of one page."""
    (sheet,) = PdfReader(page).pages
    height = float(sheet.mediabox.height)
    found: dict[str, Place] = {}

    def visit(text: str, matrix: list[float], line: list[float], *_: object) -> None:
        if text.strip():
            found[text.strip()] = (line[4] * 25.4 / 72, (height - line[5]) * 25.4 / 72)

    sheet.extract_text(visitor_text=visit)
    return found


def at(page: Path, beginning: str) -> Place:
    (place,) = [place for text, place in placed(page).items() if text.startswith(beginning)][:1]
    return place


def words_of(page: Path) -> str:
    (sheet,) = PdfReader(page).pages
    return " ".join(sheet.extract_text().split())


def test_a_letter_in_the_united_states_shows_its_address_in_the_window(
    options: Options, tmp_path: Path
) -> None:
    done, page = letter(options, tmp_path, US)
    assert done.exit_code == 0, done.output
    assert "one page of US letter; sign it" in done.stdout
    for line in ("Dana Whitfield", "Initech", "1 Main Street, Suite 4", "Chicago, IL 60601"):
        x, y = at(page, line)
        assert 22 <= x <= 111
        assert 61 <= y <= 81, line
    assert at(page, "November 20, 2026")[1] < 51
    assert at(page, "Hi Dana,")[1] > 93
    assert float(PdfReader(page).pages[0].mediabox.width) == 612


def test_a_german_letter_keeps_to_the_norm(options: Options, tmp_path: Path) -> None:
    done, page = letter(options, tmp_path, DE)
    assert done.exit_code == 0, done.output
    lines = ("Dr. Jana Müller-Lüdenscheidt", "Initech", "Straße des 17. Juni 135", "10623 Berlin")
    for line in lines:
        x, y = at(page, line)
        assert 20 <= x <= 105
        assert 62.7 <= y <= 90, line
    x, y = at(page, "Ana Souza · Hauptstraße 1 · 04109 Leipzig")
    assert 45 <= y <= 62.7
    assert "20. November 2026" in words_of(page)
    assert "Sehr geehrte Frau Dr. Müller-Lüdenscheidt" in words_of(page)
    assert "Mit freundlichen Grüßen Ana Souza" in words_of(page)
    assert at(page, "Sehr geehrte")[1] > 98.5


def test_there_is_room_to_sign(options: Options, tmp_path: Path) -> None:
    _, page = letter(options, tmp_path, DE)
    below = [
        place[1] for text, place in placed(page).items() if text.startswith("Ana Souza") and place[1] > 100
    ]
    assert below
    assert below[0] - at(page, "Mit freundlichen")[1] > 14


def test_the_day_and_the_paper_may_be_given(options: Options, tmp_path: Path) -> None:
    _, page = letter(options, tmp_path, US, "--date", "2026-11-21", "--paper", "a4")
    assert "21 November 2026" in words_of(page)
    assert int(PdfReader(page).pages[0].mediabox.width) == 595


def test_the_same_letter_is_the_same_file(options: Options, tmp_path: Path) -> None:
    _, page = letter(options, tmp_path, US)
    once = page.read_bytes()
    letter(options, tmp_path, US)
    assert page.read_bytes() == once


def test_without_an_address_of_your_own_there_is_a_page_and_a_hint(options: Options, tmp_path: Path) -> None:
    done, page = letter(options, tmp_path, DE.replace('address: "Hauptstraße 1\\n04109 Leipzig"', ""))
    assert "add `address:` to `candidate:`" in done.stderr
    assert "·" not in words_of(page)


@pytest.mark.parametrize(
    "name",
    ["</w:t>(x) Tj ET <script>", "Q ) Tj /Launch (calc.exe)", "Żółć ¡Ñandú! Ðặng", "{{ 7*7 }} %PDF-1.7"],
)
def test_a_hostile_company_is_only_text(options: Options, tmp_path: Path, name: str) -> None:
    done, page = letter(options, tmp_path, US.replace("name: Initech", f"name: '{name}'"))
    assert done.exit_code == 0, done.output
    assert " ".join(name.split()) in words_of(page)
    reader = PdfReader(page)
    root = reader.trailer["/Root"]
    assert {"/Names", "/AA", "/AcroForm"}.isdisjoint(root)
    assert isinstance(root["/OpenAction"], list), "a place to begin, and no action"
    assert {"/Annots", "/AA"}.isdisjoint(reader.pages[0])


def test_a_long_letter_is_set_in_smaller_type_and_one_that_is_too_long_is_told() -> None:
    def made(sentences: int) -> bytes:
        body = "Dear Dana,\n\n" + "I would be glad to hear from you about the position. " * sentences
        words = Letter("en", ("Ana Souza",), "", ("Dana", "Initech"), "", "News", body, "Ana Souza")
        return pdf(words, size="letter", made=datetime.fromisoformat(NOW))

    assert len(PdfReader(io.BytesIO(made(55))).pages) == 1
    with pytest.raises(UsageError, match=r"does not fit on one page, by [0-9]+ mm"):
        made(120)


def test_an_address_that_is_longer_than_the_window_is_told(options: Options, tmp_path: Path) -> None:
    long = US.replace("1 Main Street, Suite 4\\nChicago", "North Wing\\nFloor 4\\n1 Main Street\\nChicago")
    done, page = letter(options, tmp_path, long)
    assert done.exit_code == 2
    assert "the address has 6 lines with the name and company; 5 fit into the window" in done.stderr
    assert not page.exists()


def test_what_goes_by_another_way_is_no_letter(tmp_path: Path) -> None:
    done, _ = letter(Options(deny=("proofreading",)), tmp_path, US)
    assert done.exit_code == 2
    assert "goes by email, not by letter" in done.stderr


def test_the_words_to_copy_come_with_the_envelope(options: Options, tmp_path: Path) -> None:
    path = tmp_path / "state.yaml"
    path.write_text(US, "utf-8")
    done = CliRunner().invoke(cli, ["letter", str(path), KEY, "--now", NOW], obj=options)
    assert done.stdout.startswith(
        "On the envelope:\n  Dana Whitfield\n  Initech\n  1 Main Street, Suite 4\n  Chicago, IL 60601\n\n"
        "November 20, 2026\n\nHi Dana,\n"
    )


@pytest.mark.parametrize("day", ["20.11.2026", "tomorrow", "2026-02-30"])
def test_what_is_no_day_is_told(options: Options, tmp_path: Path, day: str) -> None:
    done, _ = letter(options, tmp_path, US, "--date", day)
    assert done.exit_code == 2
    assert f"--date: `{day}` is not a day" in done.stderr


def test_a_long_letter_is_a_warning_and_an_empty_one_an_error() -> None:
    channel = LetterChannel()
    (long,) = channel.review(Draft("", "word " * 251))
    (empty,) = channel.review(Draft("", " "))
    assert (long.severity, empty.severity) == ("warning", "error")
    assert channel.review(channel.compose(composition())) == ()


def test_the_readme_shows_real_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for name, text in re.findall(r'```yaml title="(.*?)"\n(.*?)```', readme, re.DOTALL):
        Path(name).write_text(text, "utf-8")
    shown = re.findall(r"```console\n\$ followup (.*?)\n(.*?)```", readme, re.DOTALL)
    assert len(shown) == 2
    for command, output in shown:
        done = CliRunner().invoke(cli, shlex.split(command), obj=None)
        assert done.stdout == output


def test_nobody_is_asked_for_their_own_address(options: Options, tmp_path: Path) -> None:
    state = US.replace("email: dana@initech.example", "role: hiring manager")
    done, page = letter(options, tmp_path, state)
    assert done.exit_code == 0, done.output
    assert "Dana Whitfield personally" not in words_of(page)
