"""`followup call` and `followup log-call`, as they are typed."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pymupdf_fonts import myfont
from pypdf import PdfReader

from followup import InterviewState
from followup.cli.options import Options
from followup.cli.root import cli

NOW = "2026-08-26T15:00+02:00"
KEY = "inquiry:r1:bia"
STATE = """\
# my notes
format: 1
candidate: {name: Ana Müller, phone: "+49 30 901820", timezone: Europe/Berlin}
company: {name: Padaria Aurora, culture: relaxed, country: BR, region: SP, timezone: America/Sao_Paulo}
position: {title: Operations Lead}
people:
  bia: {name: Beatriz Moura, role: hiring manager, phone: "+55 11 5550 1200", rapport: friendly}
events:
  - {type: interview, id: r1, at: 2026-08-18T09:00-03:00, with: [bia]}  # a good talk
"""


@pytest.fixture(scope="module")
def options() -> Options:
    """The options before the command; its engine is loaded once for all tests of this file."""
    return Options(deny=("proofreading",))


@pytest.fixture
def aurora(tmp_path: Path) -> Path:
    path = tmp_path / "aurora.yaml"
    path.write_text(STATE, "utf-8")
    return path


def run(options: Options, command: str, *words: object, typed: str = "", now: str = NOW) -> Result:
    arguments = [command, *map(str, words), "--now", now]
    return CliRunner().invoke(cli, arguments, obj=options, input=typed)


def pages(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages]


# followup call


def test_the_script_comes_with_the_number_and_the_hours_in_both_zones(options: Options, aurora: Path) -> None:
    done = run(options, "call", aurora, KEY)
    assert done.exit_code == 0
    assert "+55 11 5550 1200   tel:+551155501200" in done.stdout
    words = " ".join(done.stdout.split())
    assert "good time to call until 12:00. It is 10:00 (Sao Paulo), you: 15:00 (Berlin)." in words
    assert "– Thursday, 27 August, 10:00 to 12:00 (you: 15:00 to 17:00)" in done.stdout
    assert "Have a pen, your calendar and this page at hand." in done.stdout
    assert "Do not call" not in done.stdout


def test_at_the_wrong_hour_it_says_when(options: Options, aurora: Path) -> None:
    done = run(options, "call", aurora, KEY, now="2026-08-29T15:00+02:00")
    assert "This is no time to call." in done.stdout
    assert "– Monday, 31 August, 10:00 to 12:00 (you: 15:00 to 17:00)" in done.stdout


def test_what_is_not_due_is_shown_with_a_warning(options: Options, aurora: Path) -> None:
    done = run(options, "call", aurora, KEY, now="2026-08-20T15:00+02:00")
    assert "Do not call now. This is scheduled until Tue 25 Aug" in done.stdout


def test_the_page_is_one_page_with_all_of_the_script(options: Options, aurora: Path, tmp_path: Path) -> None:
    done = run(options, "call", aurora, KEY, "--pdf", tmp_path / "call.pdf")
    assert done.exit_code == 0, done.output
    (text,) = pages(tmp_path / "call.pdf")
    words = " ".join(text.split())
    for part in ("+55 11 5550 1200", "Ana Müller", "If they say no", "By when:", "you: 15:00 to 17:00"):
        assert part in words


def test_the_same_page_is_the_same_file(options: Options, aurora: Path, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        run(options, "call", aurora, KEY, "--pdf", tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_the_paper_may_be_chosen(
    options: Options, aurora: Path, tmp_path: Path, paper: str, width: int
) -> None:
    run(options, "call", aurora, KEY, "--pdf", tmp_path / "call.pdf", "--paper", paper)
    assert int(PdfReader(tmp_path / "call.pdf").pages[0].mediabox.width) == width


@pytest.mark.parametrize("name", ["Łukasz Żółć-Ðặng Ærø", "Дмитрий Ωμέγα", "Dana 🎉 Moura", "Zoë ❤️ 1️⃣"])
def test_names_of_all_of_europe_can_be_printed(
    options: Options, aurora: Path, tmp_path: Path, name: str
) -> None:
    aurora.write_text(STATE.replace("Beatriz Moura", name), "utf-8")
    assert run(options, "call", aurora, KEY, "--pdf", tmp_path / "call.pdf").exit_code == 0
    assert name.split(maxsplit=1)[0] in pages(tmp_path / "call.pdf")[0]


def test_letters_that_the_font_lacks_are_told(options: Options, aurora: Path, tmp_path: Path) -> None:
    aurora.write_text(STATE.replace("Beatriz Moura", "田中"), "utf-8")
    done = run(options, "call", aurora, KEY, "--pdf", tmp_path / "call.pdf")
    assert done.exit_code == 2
    assert "the font has no 中 田; write it in other letters, or name a font" in done.stderr
    assert not (tmp_path / "call.pdf").exists()


@pytest.mark.parametrize(
    ("font", "told"),
    [
        ("missing.ttf", "there is no font file"),
        ("aurora.yaml", "no font that can be used"),
        ("broken.ttf", "no font"),
    ],
)
def test_a_font_that_is_none_is_told(
    options: Options, aurora: Path, tmp_path: Path, font: str, told: str
) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0 no font at all")
    done = run(options, "call", aurora, KEY, "--pdf", tmp_path / "call.pdf", "--font", tmp_path / font)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_font_of_your_own_is_used(options: Options, aurora: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttf"
    own.write_bytes(myfont("ubuntu"))
    run(options, "call", aurora, KEY, "--pdf", tmp_path / "call.pdf", "--font", own)
    fonts = PdfReader(tmp_path / "call.pdf").pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    assert {"Ubuntu" in str(font.get_object()["/BaseFont"]) for font in fonts} == {True}


def test_a_hostile_name_is_only_text_on_the_page(options: Options, aurora: Path, tmp_path: Path) -> None:
    name = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    aurora.write_text(STATE.replace("Padaria Aurora", name), "utf-8")
    run(options, "call", aurora, KEY, "--print", tmp_path / "call.html")

    class Tags(HTMLParser):
        found: set[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.add(tag)

    tags = Tags()
    tags.found = set()
    text = (tmp_path / "call.html").read_text("utf-8")
    tags.feed(text)
    assert tags.found == {"html", "head", "meta", "title", "style", "body", "h1", "p", "a", "section", "h2"}
    assert "&lt;script&gt;alert(1)" in text
    assert "@media print" in text
    assert 'href="tel:+551155501200"' in text


def test_a_german_call_has_a_german_page(options: Options, aurora: Path, tmp_path: Path) -> None:
    aurora.write_text(STATE.replace("culture: relaxed", "culture: relaxed, language: de"), "utf-8")
    assert run(options, "call", aurora, KEY, "--pdf", tmp_path / "call.pdf").exit_code == 0
    words = " ".join(pages(tmp_path / "call.pdf")[0].split())
    assert "Jetzt ist eine gute Zeit für den Anruf bis 12:00. Es ist 10:00 (Sao Paulo)" in words
    assert "Donnerstag, 27. August, 10:00 bis 12:00 (bei dir: 15:00 bis 17:00)" in words
    assert "Wenn sie absagen" in words


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("inquiry:r1:bi", "did you mean `inquiry:r1:bia`?"),
        ("look-again:r1:self", "goes by self, not by phone"),
    ],
)
def test_what_is_no_call_is_refused(options: Options, aurora: Path, key: str, told: str) -> None:
    done = run(options, "call", aurora, key)
    assert done.exit_code == 2
    assert told in done.stderr


# followup log-call


def test_what_was_promised_stands_in_the_file_and_all_else_stays(options: Options, aurora: Path) -> None:
    done = run(options, "log-call", aurora, KEY, typed="spoke\ndate\nTuesday\ny\nwe decide then\n")
    assert done.exit_code == 0, done.output
    assert "That is Tuesday, 1 September 2026, in 6 days. Right?" in done.stderr
    assert aurora.read_text("utf-8").startswith(STATE)
    state = InterviewState.from_yaml(aurora)
    assert [event.type for event in state.events] == ["interview", "called", "promise"]
    assert "To undo, take lines 10 to " in done.stdout


def test_a_day_that_was_misunderstood_is_asked_again(options: Options, aurora: Path) -> None:
    typed = "1\n2\nnext week\nThursday\nn\n4 September\n\n\n"
    done = run(options, "log-call", aurora, KEY, typed=typed)
    assert "`next week` is not understood" in done.stderr
    assert "by: 2026-09-04" in aurora.read_text("utf-8")


def test_a_dry_run_shows_what_would_change(options: Options, aurora: Path) -> None:
    done = run(options, "log-call", aurora, KEY, "--dry-run", typed="voicemail\n\n")
    assert "+  - type: called" in done.stdout
    assert aurora.read_text("utf-8") == STATE


def test_events_can_be_printed_for_programs(options: Options, aurora: Path) -> None:
    done = run(options, "log-call", aurora, "bia", "--format", "json", typed="spoke\nno\nthey took another\n")
    assert [event["type"] for event in json.loads(done.stdout)] == ["called", "rejection"]
    assert aurora.read_text("utf-8") == STATE
    done = run(options, "log-call", aurora, "bia", "--format", "yaml", typed="voicemail\n\n")
    assert (
        done.stdout.startswith("- {type: called, at: 2026-08-26T10:00:00-03:00")
        or "type: called" in done.stdout
    )


def test_who_stops_answering_leaves_the_file_as_it_is(options: Options, aurora: Path) -> None:
    done = run(options, "log-call", aurora, KEY, typed="spoke\n")
    assert done.exit_code == 130
    assert aurora.read_text("utf-8") == STATE


def test_a_second_call_for_the_same_is_asked_about(options: Options, aurora: Path) -> None:
    run(options, "log-call", aurora, KEY, typed="voicemail\n\n")
    once = aurora.read_text("utf-8")
    done = run(options, "log-call", aurora, KEY, typed="n\n", now="2026-08-26T15:05+02:00")
    assert "is done already. Was there another call?" in done.stderr
    assert aurora.read_text("utf-8") == once


def test_whom_nobody_knows_is_refused(options: Options, aurora: Path) -> None:
    done = run(options, "log-call", aurora, "bea")
    assert done.exit_code == 2
    assert "`bea` is neither a follow-up of the plan nor a person's id; did you mean `bia`?" in done.stderr


def test_the_readme_shows_real_output(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    [(name, state)] = re.findall(r'```yaml title="(.*?)"\n(.*?)```', readme, re.DOTALL)
    Path(name).write_text(state, "utf-8")
    (call, shown), (log, logged) = re.findall(r"```console\n\$ followup (.*?)\n(.*?)```", readme, re.DOTALL)
    done = CliRunner().invoke(cli, call.split(), obj=options)
    assert done.stdout.startswith(shown.removesuffix("…\n"))
    answers = "1\ndate\nTuesday\n\nwe decide then\n"
    done = CliRunner().invoke(cli, log.split(), obj=options, input=answers)
    questions = [line for line in logged.splitlines() if line in done.stderr.splitlines()]
    assert len(questions) > 9
    printed = logged[logged.index(f"{name}: ") :].splitlines()
    assert [line for line in printed if line not in done.stdout.splitlines()] == ["…"]
