"""Rules as a picture: the graph, its layout, SVG and Mermaid, and `followup rules graph`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from tests.support import Plain, builtin_engine, engine_of, new_builtin_engine, rule

from followup.cli.root import cli
from followup.describing import NOUNS
from followup.events import EVENT_TYPES
from followup.pictures import Edge, Graph, Node, graph_mermaid, graph_of, graph_svg
from followup.pictures.layout import Box, Layout, Link, lay_out
from followup.pictures.lettering import width, wrapped

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "A \"title\" with <b>, & and `ticks`; --> ]] #quot; 'x' \u202e\x1b[31m"


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def graph(rules: dict[str, Plain], guards: dict[str, Plain] | None = None) -> Graph:
    engine = engine_of(rules, guards)
    return graph_of(engine.scenarios.values(), engine.guards)


def edges(found: Graph) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.kind) for edge in found.edges}


# The graph


def test_a_rule_hangs_on_its_event() -> None:
    found = graph({"ask": rule(wait="1 week")})
    assert [(node.id, node.kind) for node in found.nodes] == [
        ("event:interview", "event"),
        ("rule:ask", "rule"),
    ]
    [edge] = found.edges
    assert (edge.source, edge.target, edge.wait) == ("event:interview", "rule:ask", "1 week")


def test_a_message_leads_to_the_rule_that_waits_for_it() -> None:
    found = graph({"ask": rule(), "last": rule(intent="final", after={"sent": "inquiry"})})
    assert ("rule:ask", "rule:last", "after") in edges(found)


def test_a_message_that_no_rule_here_sends_is_an_event_of_its_own() -> None:
    found = graph({"last": rule(intent="final", after={"sent": "inquiry"})})
    assert found.nodes[0].title == "An inquiry"
    assert ("event:contact:inquiry", "rule:last", "after") in edges(found)


def test_a_voicemail_comes_only_from_a_rule_that_may_call() -> None:
    write = rule(after={"called": {"intent": "inquiry", "outcome": "voicemail"}}, intent="final")
    found = graph({"by-mail": rule(), "by-phone": rule(via="phone"), "write": write})
    assert {edge.source for edge in found.edges if edge.target == "rule:write"} == {"rule:by-phone"}


def test_thanks_for_a_refusal_lead_to_no_inquiry() -> None:
    thanks = rule(intent="thanks", after="rejection")
    ask = rule(after=[{"sent": "thanks"}, "interview"])
    found = graph({"thank": rule(intent="thanks"), "thank-all-the-same": thanks, "ask": ask})
    assert {edge.source for edge in found.edges if edge.target == "rule:ask"} == {
        "rule:thank",
        "event:interview",
    }


def test_what_is_said_when_a_case_is_over_leads_to_nothing_for_an_open_one() -> None:
    confirm = rule(intent="thanks", after="offer", when={"stage": "accepted"})
    ask = rule(after=[{"sent": "thanks"}, "interview"], when={"stage": "awaiting"})
    stay = rule(intent="keep-in-touch", after={"sent": "thanks"}, when={"stage": ["accepted", "declined"]})
    found = graph({"confirm": confirm, "ask": ask, "stay": stay})
    assert [edge.target for edge in found.edges if edge.source == "rule:confirm"] == ["rule:stay"]


def test_a_call_is_no_event_of_its_own_beside_the_message_that_a_rule_sends() -> None:
    ask = rule(after=[{"sent": "thanks"}, {"called": "thanks"}])
    found = graph({"thank": rule(intent="thanks"), "ask": ask})
    assert [edge.source for edge in found.edges if edge.target == "rule:ask"] == ["rule:thank"]


def test_the_second_best_event_is_told_apart() -> None:
    found = graph({"ask": rule(after=[{"sent": "thanks"}, "interview"])})
    assert {edge.source: edge.kind for edge in found.edges} == {
        "event:contact:thanks": "after",
        "event:interview": "else",
    }


def test_a_part_leads_to_the_message_in_which_it_rides() -> None:
    found = graph({"thank": rule(intent="thanks"), "part": rule(intent="answer", join="thanks")})
    assert ("rule:part", "rule:thank", "joins") in edges(found)


def test_a_repetition_leads_to_itself() -> None:
    found = graph({"ask": rule(repeat={"every": "3 months", "times": 4}, open_for="1 week")})
    assert ("rule:ask", "rule:ask", "repeats") in edges(found)


def test_what_stops_and_what_holds_a_rule_stands_in_its_node() -> None:
    asks = rule(unless=["reply", "rejection", "withdrawal", "accepted", "declined"])
    found = graph({"ask": asks}, {"calm": {"for": {"intent": "inquiry"}, "cap": {"unanswered": 2}}})
    node = found.nodes[-1]
    assert node.stops == ("reply", "rejection", "withdrawal", "accepted", "declined")
    assert node.brief_stops == ("reply", "any ending")
    assert node.guards == ("calm",)


def test_a_guard_of_a_scenario_that_is_not_shown_is_told_apart() -> None:
    engine = builtin_engine()
    found = graph_of([engine.scenarios["silence"]], engine.guards)
    [inquiry] = [node for node in found.nodes if node.id == "rule:inquiry"]
    assert "employer-date" in inquiry.guards
    assert "instructed-wait" in inquiry.guards_elsewhere


def test_every_event_type_has_a_name_that_people_use() -> None:
    assert set(NOUNS) == set(EVENT_TYPES)


# The layout

GRAPHS = st.integers(1, 9).flatmap(
    lambda count: st.tuples(
        st.lists(st.tuples(st.integers(20, 90), st.integers(20, 140)), min_size=count, max_size=count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=14),
    )
)


def laid_out(given_: tuple[list[tuple[int, int]], list[tuple[int, int]]]) -> tuple[list[Box], Layout]:
    sizes, pairs = given_
    boxes = [Box(f"b{number}", *size) for number, size in enumerate(sizes)]
    return boxes, lay_out(boxes, [Link(f"b{a}", f"b{b}", 30) for a, b in pairs])


def spans(box: Box, layout: Layout) -> tuple[float, float, float, float]:
    x, y = layout.corners[box.id]
    return x, y, x + box.width, y + box.height


@given(GRAPHS)
def test_boxes_never_overlap(drawn: tuple[list[tuple[int, int]], list[tuple[int, int]]]) -> None:
    boxes, layout = laid_out(drawn)
    places = [spans(box, layout) for box in boxes]
    for number, (x0, y0, x1, y1) in enumerate(places):
        assert x0 >= 0
        assert y0 >= -0.2
        assert x1 <= layout.width + 0.2
        assert y1 <= layout.height + 0.2
        for a0, b0, a1, b1 in places[number + 1 :]:
            assert x1 <= a0 or a1 <= x0 or y1 <= b0 + 0.2 or b1 <= y0 + 0.2


@given(GRAPHS)
def test_lines_run_at_right_angles_from_left_to_right_and_through_no_box(
    drawn: tuple[list[tuple[int, int]], list[tuple[int, int]]],
) -> None:
    boxes, layout = laid_out(drawn)
    for line in layout.lines:
        for (x0, y0), (x1, y1) in zip(line.points, line.points[1:], strict=False):
            assert x0 == x1 or y0 == y1
            assert x0 <= x1
            for box in boxes:
                left, top, right, bottom = spans(box, layout)
                own = box.id in (line.link.source, line.link.target)
                crosses = x0 < right - 0.2 and x1 > left + 0.2
                crosses = crosses and min(y0, y1) < bottom - 0.2 and max(y0, y1) > top + 0.2
                assert own or not crosses


@given(GRAPHS)
def test_a_line_begins_at_its_source_and_ends_at_its_target(
    drawn: tuple[list[tuple[int, int]], list[tuple[int, int]]],
) -> None:
    boxes, layout = laid_out(drawn)
    places = {box.id: spans(box, layout) for box in boxes}
    for line in layout.lines:
        _, top, right, bottom = places[line.link.source]
        assert line.points[0][0] == pytest.approx(right)
        assert top <= line.points[0][1] <= bottom
        left, top, _, bottom = places[line.link.target]
        assert line.points[-1][0] == pytest.approx(left)
        assert top - 1 <= line.points[-1][1] <= bottom + 1


@given(GRAPHS)
def test_time_goes_from_left_to_right_and_what_leads_back_is_told(
    drawn: tuple[list[tuple[int, int]], list[tuple[int, int]]],
) -> None:
    _, layout = laid_out(drawn)
    links = {(f"b{a}", f"b{b}") for a, b in drawn[1]}
    shown = {(line.link.source, line.link.target) for line in layout.lines}
    assert shown | {(link.source, link.target) for link in layout.back} == links
    assert all(layout.columns[source] < layout.columns[target] for source, target in shown)


# Letters


@given(st.text(max_size=120), st.integers(30, 200))
def test_a_wrapped_line_fits(text: str, room: int) -> None:
    for line in wrapped(text, room, 11):
        assert width(line, 11) <= room or len(line) == 1


def test_a_text_cut_short_says_so() -> None:
    assert wrapped("one two three four", 40, 11, most=1) == ("one…",)


# SVG


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", sorted(builtin_engine().scenarios))
def test_every_built_in_scenario_is_drawn_with_a_title_and_a_description(name: str) -> None:
    engine = builtin_engine()
    scenario = engine.scenarios[name]
    svg = graph_svg(graph_of([scenario], engine.guards))
    root = ElementTree.fromstring(svg)
    assert root.findtext(f"{SVG}title") == scenario.title
    described = root.findtext(f"{SVG}desc") or ""
    assert all(each.title in described for each in scenario.rules.values())


def test_the_same_rules_give_the_same_picture() -> None:
    first, second = builtin_engine(), new_builtin_engine()
    assert graph_svg(graph_of(first.scenarios.values(), first.guards)) == graph_svg(
        graph_of(second.scenarios.values(), second.guards)
    )


def test_no_text_leaves_its_box() -> None:
    engine = builtin_engine()
    for scenario in engine.scenarios.values():
        root = ElementTree.fromstring(graph_svg(graph_of([scenario], engine.guards)))
        boxes = root.findall(f"{SVG}g")[0].findall(f"{SVG}g")
        assert len(boxes) > len(scenario.rules)
        for group in boxes:
            box = group.find(f"{SVG}rect")
            assert box is not None
            right = float(box.get("x", 0)) + float(box.get("width", 0))
            bottom = float(box.get("y", 0)) + float(box.get("height", 0))
            for text in group.findall(f"{SVG}text"):
                size, bold = float(text.get("font-size", 0)), "head" in (text.get("class") or "")
                assert float(text.get("x", 0)) + width(text.text or "", size, bold=bold) <= right
                assert float(text.get("y", 0)) <= bottom


def hostile() -> Graph:
    """Every text that comes from a rule file, as bad as it can be."""
    nodes = [
        Node(id=name, kind=kind, title=HOSTILE, lines=(HOSTILE,), stops=(HOSTILE,), brief_stops=(HOSTILE,))
        for name, kind in (("a", "event"), ("b", "rule"), ("c", "task"))
    ]
    edges = [
        Edge(source="a", target="b", kind="after", wait=HOSTILE, detail=HOSTILE),
        Edge(source="b", target="c", kind="else", wait=HOSTILE),
    ]
    return Graph(HOSTILE, HOSTILE, tuple(nodes), tuple(edges))


def test_what_a_rule_writer_writes_stays_text() -> None:
    svg = graph_svg(hostile())
    assert 'A "title" with <b>' in " ".join(texts(svg))
    assert not {"\x1b", "\u202e"} & set(svg + graph_mermaid(hostile()))
    assert "<b>" not in svg
    assert "<b>" not in graph_mermaid(hostile()).partition("flowchart")[2]


def test_rules_that_wait_for_each_other_are_drawn_too() -> None:
    one, two = rule(after={"sent": "final"}), rule(intent="final", after={"sent": "inquiry"})
    shown = " ".join(
        texts(graph_svg(graph({"one": {**one, "title": "One"}, "two": {**two, "title": "Two"}})))
    )
    assert "also after" in shown


def test_no_rules_are_a_picture_with_a_title() -> None:
    assert texts(graph_svg(Graph("Nothing yet", "", (), ()))) == ["Nothing yet"]


# Mermaid


def test_mermaid_has_a_line_for_each_node_and_edge() -> None:
    found = graph(
        {"thank": rule(intent="thanks", wait="1 hour"), "part": rule(intent="answer", join="thanks")}
    )
    lines = graph_mermaid(found).splitlines()
    assert lines[3] == "flowchart LR"
    assert len([line for line in lines if ":::" in line]) == len(found.nodes)
    assert len([line for line in lines if re.search(r"-->|-\.->", line)]) == len(found.edges)
    assert '  n3 -.->|"rides in"| n2' in lines


def test_a_quote_cannot_end_a_label_of_mermaid() -> None:
    for line in graph_mermaid(hostile()).splitlines()[3:]:
        assert line.count('"') in (0, 2)
        assert "`" not in line


# The command


def test_the_command_draws_one_scenario_or_all() -> None:
    one, everything = invoke("rules", "graph", "silence").stdout, invoke("rules", "graph").stdout
    assert "Ask politely for an update" in one
    assert "Thank each interviewer" not in one
    assert "Thank each interviewer" in everything


def test_the_ending_of_the_file_says_the_format(tmp_path: Path) -> None:
    done = invoke("rules", "graph", "silence", "-o", tmp_path / "silence.svg")
    assert done.exit_code == 0
    assert "1 scenario" in done.stdout
    assert (tmp_path / "silence.svg").read_text("utf-8").startswith("<svg ")
    assert [path.name for path in tmp_path.iterdir()] == ["silence.svg"]


def test_a_picture_that_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    done = invoke("rules", "graph", "silence", "-o", tmp_path / "silence.png")
    assert done.exit_code == 2
    assert "no picture is drawn as `.png`; name the file .svg, .mmd or .json" in done.stderr
    assert not list(tmp_path.iterdir())


def test_json_has_nodes_and_edges() -> None:
    data = json.loads(invoke("rules", "graph", "silence", "--format", "json").stdout)
    assert data["format"] == 1
    assert "rule:inquiry" in [node["id"] for node in data["nodes"]]
    assert {edge["kind"] for edge in data["edges"]} <= {"after", "else", "joins", "repeats"}


def test_a_folder_is_drawn(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    (folder / "messages").mkdir(parents=True)
    scenario = (
        "format: 1\nscenario: own\nrules:\n  mine: {title: Mine, intent: task, after: interview, to: self}\n"
    )
    (folder / "scenario.yaml").write_text(scenario, "utf-8")
    (folder / "messages" / "mine.md").write_text("---\nsubject: Notes\n---\nWrite.\n", "utf-8")
    for path in (folder, tmp_path, folder / "scenario.yaml"):
        shown = invoke("rules", "graph", path).stdout
        assert "Mine" in shown
        assert "inquiry" not in shown


def test_a_misspelt_scenario_gets_the_nearest() -> None:
    done = invoke("rules", "graph", "silnce")
    assert done.exit_code == 2
    assert "did you mean `silence`?" in done.stderr


def test_a_file_that_cannot_be_written_is_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", "utf-8")
    done = invoke("rules", "graph", "silence", "-o", tmp_path / "taken" / "silence.svg")
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
