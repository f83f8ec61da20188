"""`followup timeline`: what happened and what is to come, as text, picture, data and notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner, Result
from tests.support import INTERVIEW, PEOPLE, Plain, builtin_engine, sent, state, time

from followup.cli.drawing import drawn
from followup.cli.drawing_timelines import draw_overview, draw_timeline
from followup.cli.root import cli
from followup.cli.times import Clock
from followup.pictures import overview_svg, timeline_svg
from followup.retrospect.chronicles import Chronicle, outlined, played_out
from followup.stories import Story

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "A \"name\" with <b>, & and 'ticks' </text><script>alert(1)</script> \u202e\x1b[31m"
NOW = "2026-09-21T12:00"
REPLY: Plain = {"type": "reply", "at": "2026-09-18T12:00Z", "from": "dana", "text": "We  will\nsee"}
PAST = (INTERVIEW, sent("2026-09-16T12:00"), REPLY, sent("2026-09-19T09:00", intent="inquiry"))
ENGINE = builtin_engine()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def invoke(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["--no-plugins", *arguments], input=text)


def chronicle(*events: Plain, now: str = NOW, until: str = "2026-10-31T12:00", **changes: Any) -> Chronicle:
    given = state(*events, **changes)
    return played_out("initech", given, ENGINE.compare(given, time(now), time(until), [Story(name="x")]))


def add(name: str = "initech", company: str = "Initech") -> None:
    given = state(*PAST, company={"name": company, "timezone": "UTC"}).to_dict()
    done = invoke("add", "-", "--name", name, text=yaml.safe_dump(given))
    assert done.exit_code == 0, done.stderr


# The chronicle


def test_what_happened_is_told_in_words_with_how_long_an_answer_took() -> None:
    told = [(past.side, past.words, past.after_days, past.waits) for past in chronicle(*PAST).happened]
    assert told == [
        ("met", "You had an interview with Dana Whitfield and Lee Okafor", None, False),
        ("you", "You wrote to Dana Whitfield to thank them", None, False),
        ("they", "Dana Whitfield answered", 2.0, False),
        ("you", "You wrote to Dana Whitfield to ask for an update", None, True),
    ]


def test_what_they_said_is_kept_on_one_line() -> None:
    assert chronicle(*PAST).happened[2].said == "We will see"


def test_an_interview_ahead_is_to_come_with_its_time_and_has_not_happened() -> None:
    found = chronicle({**INTERVIEW, "at": "2026-09-25T10:00Z"})
    assert found.happened == ()
    assert (found.to_come[0].kind, found.to_come[0].at) == ("interview", time("2026-09-25T10:00"))


def test_a_date_that_they_named_is_to_come() -> None:
    promise = {"type": "promise", "at": "2026-09-15T12:00Z", "by": "2026-09-25"}
    [known] = [each for each in chronicle(INTERVIEW, promise).to_come if each.kind == "known"]
    assert (str(known.day), known.words) == ("2026-09-25", "They decide by then")


def test_the_messages_that_silence_asks_for_are_to_come_in_order_of_time() -> None:
    found = chronicle(INTERVIEW, now="2026-09-15T12:00")
    days = [each.day for each in found.to_come if each.day is not None]
    assert days == sorted(days)
    assert {"thank-you:r1:dana", "inquiry:r1:dana"} <= {each.key for each in found.to_come}


def test_a_plan_alone_gives_what_it_holds_now() -> None:
    given = state(INTERVIEW)
    plan = ENGINE.plan(given, time("2026-09-15T12:00"), drafts=False)
    found = outlined("initech", given, plan, time("2026-10-31T12:00"))
    assert ("due", "thank-you:r1:dana") in {(each.kind, each.key) for each in found.to_come}
    assert not found.assumed


def test_an_absence_is_told_as_one_while_it_lasts() -> None:
    absence = {"type": "absence", "at": "2026-09-16T12:00Z", "who": "dana", "until": "2026-09-25"}
    assert chronicle(absence).happened[0].words == "Dana Whitfield is away until Friday, 25 September"
    assert "was away" in chronicle(absence, now="2026-09-28T12:00").happened[0].words


def test_what_was_skipped_is_named_by_its_title_and_whom_it_was_for() -> None:
    skipped = {"type": "skipped", "at": "2026-09-16T12:00Z", "key": "thank-you:r1:dana"}
    assert chronicle(INTERVIEW, skipped).happened[-1].words == (
        "You skipped “Thank each interviewer” to Dana Whitfield"
    )


def test_thanks_for_a_refusal_wait_for_no_answer() -> None:
    rejection = {"type": "rejection", "at": "2026-09-17T12:00Z", "from": "dana"}
    assert not any(past.waits for past in chronicle(INTERVIEW, rejection, sent("2026-09-18T12:00")).happened)


# Pictures


@pytest.mark.parametrize("draw", [timeline_svg, lambda found: overview_svg([found, found])])
def test_hostile_words_stay_words_in_a_picture(draw: Any) -> None:
    people = {**PEOPLE, "dana": {"name": HOSTILE}}
    picture = draw(chronicle(*PAST, people=people, company={"name": HOSTILE}, position={"title": HOSTILE}))
    root = ElementTree.fromstring(picture)
    assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}
    assert "\x1b" not in picture


def test_a_picture_tells_its_content_to_those_who_do_not_see_it() -> None:
    root = ElementTree.fromstring(timeline_svg(chronicle(*PAST)))
    desc = root.findtext(f"{SVG}desc") or ""
    assert "Dana Whitfield answered" in desc
    assert "Ask" in desc.partition("To come:")[2]


def test_the_same_chronicle_gives_the_same_picture() -> None:
    assert timeline_svg(chronicle(*PAST)) == timeline_svg(chronicle(*PAST))


def test_a_picture_of_years_names_the_years() -> None:
    picture = timeline_svg(chronicle({**INTERVIEW, "at": "2019-03-01T10:00Z"}))
    assert ">2022<" in picture


# The command


def test_an_empty_store_says_how_to_begin() -> None:
    done = invoke("timeline")
    assert (done.exit_code, "followup add" in done.stdout) == (0, True)
    assert invoke("timeline", "--format", "json").stdout == "[]\n"
    assert "followup add" in invoke("timeline", "--format", "svg").stderr


def test_one_opportunity_is_found_by_the_beginning_of_its_name() -> None:
    add()
    done = invoke("timeline", "ini", "--now", f"{NOW}Z")
    assert "Dana Whitfield answered" in done.stdout
    assert "2.0 days after you wrote" in done.stdout
    assert "no answer for 2.1 days" in done.stdout
    assert "now, Mon 21 Sep, 12:00" in done.stdout


def test_a_name_that_is_not_there_is_told() -> None:
    add()
    done = invoke("timeline", "inittech")
    assert (done.exit_code, "did you mean" in done.stderr) == (2, True)


def test_a_state_in_a_file_needs_no_store(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "initech.yaml"
    path.write_text(state(*PAST).to_yaml(), "utf-8")
    [found] = json.loads(invoke("timeline", str(path), "--now", f"{NOW}Z", "--format", "json").stdout)
    assert (found["opportunity"], found["stage"], len(found["happened"])) == ("initech", "awaiting", 4)
    assert not home.exists()


def test_a_file_that_is_not_there_is_told_and_no_store_is_begun_for_it(home: Path) -> None:
    done = invoke("timeline", "missing.yaml")
    assert (done.exit_code, "missing.yaml" in done.stderr, home.exists()) == (2, True, False)
    assert "Dana Whitfield answered" in invoke("timeline", "-", text=state(*PAST).to_yaml()).stdout


def test_all_open_opportunities_stand_above_each_other() -> None:
    add()
    add("hooli", "Hooli")
    done = invoke("timeline", "--now", f"{NOW}Z")
    assert done.stdout.startswith("2 opportunities")
    assert done.stdout.index("hooli ") < done.stdout.index("initech ")
    found = json.loads(invoke("timeline", "--now", f"{NOW}Z", "--format", "json").stdout)
    assert [each["opportunity"] for each in found] == ["hooli", "initech"]


@pytest.mark.parametrize("named", [["initech"], []])
def test_a_wish_not_to_be_contacted_counts_for_all_opportunities_at_the_company(named: list[str]) -> None:
    add()
    add("other")
    key = "final:r1:dana"
    options = ("--now", "2026-09-28T12:00Z", "--until", "2 weeks")

    def to_come() -> set[str]:
        done = CliRunner().invoke(cli, ["timeline", *named, *options, "--format", "json"])
        found = {each["opportunity"]: each for each in json.loads(done.stdout)}
        return {each["key"] for each in found["initech"]["to_come"]}

    if key not in to_come():
        pytest.skip("the email channel is not installed")
    assert invoke("log", "other", "no-contact", "--now", "2026-09-27T12:00Z").exit_code == 0
    assert key not in to_come()


def test_since_leaves_out_what_was_before() -> None:
    add()
    options = ("--now", f"{NOW}Z", "--since", "2026-09-18", "--format", "json")
    [found] = json.loads(invoke("timeline", "initech", *options).stdout)
    assert [past["type"] for past in found["happened"]] == ["reply", "sent"]


def test_a_picture_and_notes_are_written_to_a_file(tmp_path: Path) -> None:
    add()
    for form in ("svg", "markdown"):
        path = tmp_path / f"timeline.{form}"
        done = invoke("timeline", "initech", "--now", f"{NOW}Z", "--format", form, "-o", str(path))
        assert (done.exit_code, done.stdout, done.stderr.endswith(f"wrote {path}\n")) == (0, "", True)
    ElementTree.parse(tmp_path / "timeline.svg")
    assert "| Dana Whitfield answered<br>" in (tmp_path / "timeline.markdown").read_text("utf-8")


def test_names_cannot_steer_the_terminal() -> None:
    clock = Clock(time(NOW), "UTC")
    found = chronicle(*PAST, company={"name": HOSTILE})
    for picture in (draw_timeline(found, clock), draw_overview([found], clock)):
        assert not {"\x1b", "\u202e"} & set(drawn(picture))
