"""A graph of rules as an SVG picture: boxes in columns of time, waits on the lines, stops and guards within.

It needs no script and no font of its own, follows the reader's light or dark colours, and says in its
description what it shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from followup.describing import either
from followup.pictures.graph import Edge, Graph, Node
from followup.pictures.layout import PORT, Box, Layout, Line, Link, lay_out
from followup.pictures.lettering import FONTS, width, wrapped
from followup.pictures.palette import PALETTE
from followup.plain import plain_line

__all__ = ["graph_svg"]

PAGE = 24.0
"""Around everything."""
RULE_WIDTH = 226.0
EVENT_WIDTH = 132.0
INSET = 12.0
CORNER = 7.0
LEAST_WIDTH = 640.0
SIDE = 26.0
"""Right of a box that rides in another: room for the line that says so."""
COMPACT_FROM = 13
"""With so many rules a box leaves out what stops and what holds it."""
MOST_ABOUT = 3
MOST_NOTES = 6

TITLE, HEAD, BODY, SMALL = 20.0, 13.5, 11.5, 10.5

STYLE = (
    PALETTE
    + """
.paper{fill:var(--paper);stroke:var(--frame)}.ink{fill:var(--ink)}.quiet{fill:var(--quiet)}.head{font-weight:600}
.event{fill:var(--event);stroke:var(--event-edge)}.rule{fill:var(--panel);stroke:var(--panel-edge)}
.bar,.tag{fill:var(--message)}.task{fill:var(--task)}.rest{stroke:var(--frame)}
.line{fill:none;stroke:var(--line);stroke-width:1.4}.else{stroke-dasharray:5 4}.tip{fill:var(--line)}
.joins{fill:none;stroke:var(--together);stroke-width:1.4;stroke-dasharray:1.5 3.5;stroke-linecap:round}
.join-tip{fill:var(--together)}.rides{fill:var(--together-ink)}.stop{fill:var(--stop)}.guard{fill:var(--hold)}
"""
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of text in a box: its classes, size, and perhaps a word before it in a colour of its own."""

    text: str
    style: str = "quiet"
    size: float = BODY
    label: str = ""
    label_style: str = ""
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A node with its rows, above and below the line that parts them, and its size."""

    node: Node
    rows: tuple[_Row, ...]
    notes: tuple[_Row, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Scene:
    """The boxes by id, where all lies, the edge of each line, and the parts that stand beside their hosts."""

    drawn: Mapping[str, _Drawn]
    layout: Layout
    edges: Mapping[tuple[str, str], Edge]
    beside: Sequence[Edge]
    compact: bool


def graph_svg(graph: Graph) -> str:
    """The picture as the text of an SVG file; the same graph gives the same text."""
    import drawsvg

    scene = _scene(graph)
    room = max(scene.layout.width, LEAST_WIDTH)
    title = wrapped(graph.title, room, TITLE, bold=True, most=2)
    about = wrapped(graph.about.replace("`", ""), room, BODY + 1, most=MOST_ABOUT)
    legend = tuple(_legend(graph, scene, room))
    top = PAGE + (TITLE + 4) * len(title) + (16 * len(about) + 6 if about else 0) + 18
    below = top + scene.layout.height + 30
    wide, high = round(room + 2 * PAGE), round(below + (legend[-1][1] + 12 if legend else 0) + PAGE)

    # drawsvg escapes texts, but not attributes: nothing of the graph goes into an attribute.
    picture = drawsvg.Drawing(wide, high, role="img", font_family=FONTS)
    picture.append_css(STYLE.replace("\n", ""))
    picture.append_title(plain_line(graph.title))
    picture.append(drawsvg.Raw(f"<desc>{escape(plain_line(' '.join(_told(graph))))}</desc>"))
    picture.append(drawsvg.Rectangle(0.5, 0.5, wide - 1, high - 1, rx=10, class_="paper"))
    at = PAGE - 4
    for line in title:
        at += TITLE + 4
        picture.append(_text(line, PAGE, at - 4, TITLE, "ink head"))
    for line in about:
        at += 16
        picture.append(_text(line, PAGE, at + 2, BODY + 1, "quiet"))
    canvas = drawsvg.Group(transform=f"translate({PAGE:g},{top:g})")
    canvas.extend(element for line in scene.layout.lines for element in _line(line, scene.edges))
    canvas.extend(_joins(scene))
    canvas.extend(_box(each, scene.layout.corners[each.node.id]) for each in scene.drawn.values())
    picture.append(canvas)
    signs = drawsvg.Group(transform=f"translate({PAGE:g},{below:g})")
    signs.extend(element for sign in legend for element in _sample(*sign))
    picture.append(signs)
    made: str = picture.as_svg(header="")
    return made.rstrip("\n") + "\n"


def _scene(graph: Graph) -> _Scene:
    """Every box with its words and size, in its place."""
    names = {node.id: node for node in graph.nodes}
    rules = [node for node in graph.nodes if node.kind != "event"]
    compact = len(rules) >= COMPACT_FROM
    tagged = len({node.scenario for node in rules}) > 1
    links = [_link(edge) for edge in graph.edges if edge.kind in ("after", "else")]
    # Columns do not depend on sizes; what leads back, and which part stands beside its host, do on columns.
    first = lay_out([Box(node.id, 0, 0) for node in graph.nodes], links)
    beside = tuple(
        edge
        for edge in graph.edges
        if edge.kind == "joins"
        and first.columns[edge.source] == first.columns[edge.target]
        and names[edge.source].scenario == names[edge.target].scenario
    )
    again: defaultdict[str, list[str]] = defaultdict(list)
    for link in first.back:
        again[link.target].append(names[link.source].title)
    arriving = Counter(link.target for link in links)
    drawn = {
        node.id: _drawn(node, again[node.id], arriving[node.id] * PORT, compact=compact, tagged=tagged)
        for node in graph.nodes
    }
    side = {name: SIDE for edge in beside for name in (edge.source, edge.target)}
    layout = lay_out([Box(each.node.id, each.width, each.height) for each in drawn.values()], links, side)
    edges = {(edge.source, edge.target): edge for edge in graph.edges if edge.kind in ("after", "else")}
    return _Scene(drawn, layout, edges, beside, compact)


def _link(edge: Edge) -> Link:
    room = max(width(edge.wait, BODY), width(edge.detail, SMALL - 0.5))
    return Link(edge.source, edge.target, room + 12)


# Boxes


def _drawn(node: Node, again: Sequence[str], least: float, *, compact: bool, tagged: bool) -> _Drawn:
    """A node with its words; at least so high that every line which ends there finds room."""
    if node.kind == "event":
        lines = wrapped(node.title, EVENT_WIDTH - 2 * INSET, BODY + 1, most=4)
        rows = tuple(_Row(line, "ink", BODY + 1) for line in lines)
        return _Drawn(node, rows, (), EVENT_WIDTH, _height(rows, ()))
    room = RULE_WIDTH - 2 * INSET - 4
    rows = (
        _Row(
            f"{node.intent} · {node.scenario}" if tagged else node.intent,
            f"{'task' if node.kind == 'task' else 'tag'} head",
            SMALL - 1,
        ),
        *(_Row(line, "ink head", HEAD) for line in wrapped(node.title, room, HEAD, bold=True, most=3)),
        *(
            _Row(line, "rides" if words.startswith("rides in ") else "quiet", BODY)
            for words in (*node.lines, *(f"also after “{title}”" for title in again))
            for line in wrapped(words, room, BODY, most=3)
        ),
    )
    notes: tuple[_Row, ...] = ()
    if not compact:
        notes = (
            *_labelled("unless", "stop", either(node.brief_stops) if node.stops else "", room),
            *_labelled("guards", "guard", _guards(node), room),
        )
    return _Drawn(node, rows, notes, RULE_WIDTH, max(least, _height(rows, notes)))


def _labelled(label: str, style: str, words: str, room: float) -> Iterator[_Row]:
    """Small words with their label before the first line; nothing where there are no words."""
    if words:
        indent = width("unless ", SMALL, bold=True) + 2
        for number, line in enumerate(wrapped(words, room - indent, SMALL, most=MOST_NOTES)):
            yield _Row(line, "quiet", SMALL, "" if number else label, style, indent)


def _guards(node: Node) -> str:
    elsewhere = len(node.guards_elsewhere)
    more = [f"{elsewhere} of other scenarios"] if elsewhere else []
    return " and ".join([", ".join(node.guards), *more] if node.guards else more)


def _height(rows: Sequence[_Row], notes: Sequence[_Row]) -> float:
    above = sum(row.size + 5 for row in rows)
    below = sum(row.size + 4 for row in notes) + 9 if notes else 0
    return 2 * 9 + above + below


def _box(drawn: _Drawn, corner: tuple[float, float]) -> Any:
    import drawsvg

    node, (x, y) = drawn.node, corner
    box = drawsvg.Group()
    if node.place.file:
        # Without its line: a picture that is kept beside the rules changes when they do, not when lines move.
        box.append_title(plain_line(f"{node.id.partition(':')[2]}, {node.place.file}"))
    event = node.kind == "event"
    radius = min(16, drawn.height / 2) if event else CORNER
    box.append(
        drawsvg.Rectangle(x, y, drawn.width, drawn.height, rx=radius, class_="event" if event else "rule")
    )
    left = x + INSET
    if not event:
        bar = "task" if node.kind == "task" else "bar"
        box.append(drawsvg.Rectangle(x + 5, y + 7, 3, drawn.height - 14, rx=1.5, class_=bar))
        left += 4
    at = y + 9
    for row in drawn.rows:
        at += row.size + 5
        box.append(_text(row.text, left, at - 5, row.size, row.style))
    if drawn.notes:
        at += 5
        box.append(drawsvg.Line(left, at, x + drawn.width - INSET, at, class_="rest"))
        at += 3
    for row in drawn.notes:
        at += row.size + 4
        if row.label:
            box.append(_text(row.label, left, at - 3, row.size, f"{row.label_style} head"))
        box.append(_text(row.text, left + row.indent, at - 3, row.size, row.style))
    return box


# Lines


def _line(line: Line, edges: Mapping[tuple[str, str], Edge]) -> Iterator[Any]:
    import drawsvg

    edge = edges[line.link.source, line.link.target]
    end_x, end_y = line.points[-1]
    path = drawsvg.Path(class_="line else" if edge.kind == "else" else "line")
    yield _round(path, [*line.points[:-1], (end_x - 6, end_y)])
    yield _tip(end_x, end_y, "tip")
    if edge.wait:
        yield _text(edge.wait, end_x - 11, end_y - 6, BODY, "ink", text_anchor="end")
    if edge.detail:
        yield _text(edge.detail, end_x - 11, end_y + 13, SMALL - 0.5, "quiet", text_anchor="end")


def _joins(scene: _Scene) -> Iterator[Any]:
    """From the parts along the right side of their column to the message in which they may ride."""
    import drawsvg

    layout, drawn = scene.layout, scene.drawn
    hosts: defaultdict[tuple[str, bool], list[tuple[float, float]]] = defaultdict(list)
    for edge in scene.beside:
        x, y = layout.corners[edge.source]
        below = y > layout.corners[edge.target][1]
        hosts[edge.target, below].append((x + drawn[edge.source].width, y + drawn[edge.source].height / 2))
    tracks = {host: 12 + 6 * (number % 2) for number, host in enumerate(dict(hosts))}
    for (host, below), parts in hosts.items():
        right = layout.corners[host][0] + drawn[host].width
        track = right + tracks[host, below]
        end = layout.corners[host][1] + drawn[host].height / 2 + (14 if below else -14)
        parts.sort(key=lambda part: abs(part[1] - end))
        x, y = parts[-1]
        yield _round(drawsvg.Path(class_="joins"), [(x, y), (track, y), (track, end), (right + 6, end)])
        for x, y in parts[:-1]:
            yield _round(drawsvg.Path(class_="joins"), [(x, y), (track - 2, y)])
        yield _tip(right, end, "join-tip", back=True)


def _round(path: Any, points: Sequence[tuple[float, float]]) -> Any:
    """The path along the points, with its corners rounded."""
    path.M(*points[0])
    for (x0, y0), (x, y), (x1, y1) in zip(points, points[1:], points[2:], strict=False):
        before, after = abs(x - x0) + abs(y - y0), abs(x1 - x) + abs(y1 - y)
        radius = min(CORNER, before / 2, after / 2)
        path.L(x + _toward(x0 - x) * radius, y + _toward(y0 - y) * radius)
        path.Q(x, y, x + _toward(x1 - x) * radius, y + _toward(y1 - y) * radius)
    return path.L(*points[-1])


def _toward(distance: float) -> int:
    return (distance > 0) - (distance < 0)


def _tip(x: float, y: float, style: str, *, back: bool = False) -> Any:
    import drawsvg

    away = 7 if back else -7
    path = drawsvg.Path(class_=style)
    path.M(x, y).L(x + away, y - 4).L(x + away, y + 4).Z()
    return path


# The rest


def _legend(graph: Graph, scene: _Scene, room: float) -> Iterator[tuple[float, float, str, str]]:
    """What each sign means, as far as it is there: places, kind and words."""
    kinds = {node.kind for node in graph.nodes}
    signs = [
        ("event", "something happens", "event" in kinds),
        ("bar", "a message that a rule proposes", "rule" in kinds),
        ("task", "a task for yourself", "task" in kinds),
        ("line", "opens that long after", bool(scene.edges)),
        ("else", "where that has not happened", any(edge.kind == "else" for edge in scene.edges.values())),
        ("joins", "rides in that message if it is still to go out", bool(scene.beside)),
        (
            "stop",
            "what has since made it needless",
            any(node.stops for node in graph.nodes) and not scene.compact,
        ),
        ("guard", "what may hold it back", any(node.guards for node in graph.nodes) and not scene.compact),
    ]
    x, y = 0.0, 0.0
    for kind, words, there in signs:
        if there:
            needed = 34 + (width("unless", SMALL, bold=True) - 14 if kind in ("stop", "guard") else 0)
            needed += width(words, SMALL) + 18
            if x and x + needed > room:
                x, y = 0.0, y + 20
            yield x, y, kind, words
            x += needed


def _sample(x: float, y: float, kind: str, words: str) -> Iterator[Any]:
    import drawsvg

    offset = 32.0
    if kind in ("stop", "guard"):
        label = "unless" if kind == "stop" else "guards"
        yield _text(label, x, y + 4, SMALL, f"{kind} head")
        offset = width("unless", SMALL, bold=True) + 6
    elif kind in ("event", "bar", "task"):
        yield drawsvg.Rectangle(
            x, y - 6, 24, 13, rx=6 if kind == "event" else 3, class_="event" if kind == "event" else "rule"
        )
        if kind != "event":
            yield drawsvg.Rectangle(x + 4, y - 3, 2.5, 7, rx=1, class_=kind)
    else:
        path = drawsvg.Path(class_="joins" if kind == "joins" else "line else" if kind == "else" else "line")
        yield path.M(x, y).L(x + 18, y)
        yield _tip(x + 25, y, "join-tip" if kind == "joins" else "tip")
    yield _text(words, x + offset, y + 4, SMALL, "quiet")


def _told(graph: Graph) -> Iterator[str]:
    """The picture in sentences, for those who do not see it."""
    titles = {node.id: node.title for node in graph.nodes}
    for edge in graph.edges:
        source, target = titles[edge.source], titles[edge.target]
        if edge.kind == "joins":
            yield f"{target} may carry: {source}."
        elif edge.kind == "repeats":
            yield f"{source}: again every {edge.wait}."
        else:
            yield f"{target}: {edge.wait} after: {source}{f' ({edge.detail})' if edge.detail else ''}."
    for node in graph.nodes:
        if node.stops:
            yield f"{node.title}: not after {either(node.stops)}."
        if node.guards:
            yield f"{node.title}: held by {', '.join(node.guards)}."


def _text(words: str, x: float, y: float, size: float, style: str, **more: Any) -> Any:
    import drawsvg

    return drawsvg.Text(plain_line(words), f"{size:g}", round(x, 1), round(y, 1), class_=style, **more)
