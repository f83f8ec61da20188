"""A layered layout: time goes from left to right, a column for each step, and lines run between the columns.

Columns by longest path; order within a column by barycentres; heights as near as possible to the neighbours'
(isotonic regression); lines at right angles, each source with a track of its own in the gap. A line that
passes a column passes through a slot kept free for it. Same input, same numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

__all__ = ["PORT", "Box", "Layout", "Line", "Link", "lay_out"]

ROW_GAP = 26.0
SLOT = 16.0
"""Height of the slot for a line that passes a column."""
PORT = 38.0
"""Between two lines that end at one box: room for a label above and below each. Less where the box is low."""
TRACK = 9.0
MARGIN = 13.0
"""Beside the tracks of a gap, and before the labels."""
STRAIGHT = 1.0
"""A step too small to be seen is left out."""
SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """Something to place, by its size."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Link:
    """A line to draw, with the room that its label needs before the target."""

    source: str
    target: str
    label: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A link with its corners, from left to right; the last two are the ends of its level last part."""

    link: Link
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each box has its left upper corner, the column of each, the lines, and the size of it all.

    `back` are the links that would lead back in time; they are not drawn.
    """

    corners: Mapping[str, tuple[float, float]]
    columns: Mapping[str, int]
    lines: tuple[Line, ...]
    back: tuple[Link, ...]
    width: float
    height: float


def lay_out(boxes: Sequence[Box], links: Iterable[Link], side: Mapping[str, float] | None = None) -> Layout:
    """Place the boxes and route the links; `side` is room that a box needs on its right.

    Links name boxes that are there; of two with the same ends the first counts.
    """
    unique = {(link.source, link.target): link for link in reversed([*links])}
    forward, back = _without_cycles([box.id for box in boxes], [*reversed(unique.values())])
    columns = _columns([box.id for box in boxes], forward)
    chains, slots = _chains(forward, columns)
    sizes = {box.id: box for box in boxes} | {name: Box(name, 0.0, SLOT) for name in slots}
    place = columns | slots
    steps = [step for chain in chains.values() for step in pairwise(chain)]
    order = _ordered([*sizes], place, steps)
    middles = _middles(order, sizes, steps, slots)
    ports = _ports(steps, middles, sizes)
    room = _rooms(order, sizes, chains, place, side or {})
    lefts = _lefts(order, sizes, room)
    tracks = _tracks(steps, middles, place, lefts, order, sizes, side or {})
    lines = tuple(
        Line(link, _corners(chain, middles, ports, tracks, lefts, sizes, place))
        for link, chain in chains.items()
    )
    top = min((middles[box.id] - box.height / 2 for box in boxes), default=0.0)
    corners = {box.id: (lefts[columns[box.id]], middles[box.id] - box.height / 2 - top) for box in boxes}
    moved = tuple(Line(line.link, tuple((x, y - top) for x, y in line.points)) for line in lines)
    bottom = max((middles[name] + sizes[name].height / 2 for name in sizes), default=0.0) - top
    last = max(
        (lefts[columns[box.id]] + box.width + (side or {}).get(box.id, 0) for box in boxes), default=0.0
    )
    return Layout(corners, columns, moved, tuple(back), last, bottom)


def _without_cycles(names: Sequence[str], links: Sequence[Link]) -> tuple[list[Link], list[Link]]:
    """The links without those that lead back to where a walk came from, and those."""
    after: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        after[link.source].append(link)
    back: list[Link] = []
    done: set[str] = set()
    for start in names:
        walked: list[tuple[str, int]] = [(start, 0)] if start not in done else []
        open_ = {start}
        while walked:
            name, at = walked.pop()
            if at == len(after[name]):
                done.add(name)
                open_.discard(name)
                continue
            walked.append((name, at + 1))
            link = after[name][at]
            if link.target in open_:
                back.append(link)
            elif link.target not in done:
                open_.add(link.target)
                walked.append((link.target, 0))
    return [link for link in links if link not in back], back


def _columns(names: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """The length of the longest way to each."""
    columns = dict.fromkeys(names, 0)
    for _ in names:
        changed = False
        for link in links:
            if columns[link.target] <= columns[link.source]:
                columns[link.target] = columns[link.source] + 1
                changed = True
        if not changed:
            break
    return columns


def _chains(
    links: Sequence[Link], columns: Mapping[str, int]
) -> tuple[dict[Link, list[str]], dict[str, int]]:
    """Each link as the boxes and slots that it passes; and the column of each slot.

    Links of one source share the slots on the way, so that they part as late as they can.
    """
    slots: dict[str, int] = {}
    chains = {}
    for link in links:
        between = range(columns[link.source] + 1, columns[link.target])
        passed = {f"{link.source} past {column}": column for column in between}
        slots |= passed
        chains[link] = [link.source, *passed, link.target]
    return chains, slots


def _ordered(
    names: Sequence[str], place: Mapping[str, int], steps: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """The columns, each in the order that gives the fewest crossings of those that were tried."""
    order: list[list[str]] = [[] for _ in range(max(place.values(), default=-1) + 1)]
    for name in names:
        order[place[name]].append(name)
    best, fewest = [list(column) for column in order], _crossings(order, steps)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        neighbours: defaultdict[str, list[str]] = defaultdict(list)
        for source, target in steps:
            neighbours[target if forward else source].append(source if forward else target)
        for column in order if forward else reversed(order):
            rank = {name: at for each in order for at, name in enumerate(each)}
            ranks = {
                name: fmean(rank[other] for other in neighbours[name]) if neighbours[name] else rank[name]
                for name in column
            }
            column.sort(key=lambda name: ranks[name])
        crossings = _crossings(order, steps)
        if crossings < fewest:
            best, fewest = [list(column) for column in order], crossings
    return best


def _crossings(order: Sequence[Sequence[str]], steps: Sequence[tuple[str, str]]) -> int:
    rank = {name: (number, at) for number, column in enumerate(order) for at, name in enumerate(column)}
    by_gap: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for source, target in steps:
        by_gap[rank[source][0]].add((rank[source][1], rank[target][1]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for pairs in by_gap.values()
        for number, a in enumerate(sorted(pairs))
        for b in sorted(pairs)[number + 1 :]
    )


def _middles(
    order: Sequence[Sequence[str]],
    sizes: Mapping[str, Box],
    steps: Sequence[tuple[str, str]],
    slots: Iterable[str],
) -> dict[str, float]:
    """The height of the middle of each, near its neighbours' and without an overlap."""
    slots = set(slots)
    before: defaultdict[str, list[str]] = defaultdict(list)
    after: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in steps:
        before[target].append(source)
        after[source].append(target)
    middles: dict[str, float] = {}
    for column in order:
        middles |= _spread(column, sizes, dict.fromkeys(column, 0.0), slots)
    for sweep in range(SWEEPS + 1):
        forward = sweep % 2 == 0
        near = before if forward else after
        for column in order if forward else reversed(order):
            wished = {
                name: fmean(middles[other] for other in near[name]) if near[name] else middles[name]
                for name in column
            }
            middles |= _spread(column, sizes, wished, slots)
    return middles


def _spread(
    column: Sequence[str], sizes: Mapping[str, Box], wished: Mapping[str, float], slots: set[str]
) -> dict[str, float]:
    """The middles nearest to those wished (least squares) that keep the order and the gaps."""
    offsets: list[float] = []
    for number, name in enumerate(column):
        above = column[number - 1] if number else name
        step = (sizes[above].height + sizes[name].height) / 2 + ROW_GAP if number else 0.0
        offsets.append(step + (offsets[-1] if offsets else 0.0))
    blocks: list[list[float]] = []  # mean, weight, count
    for name, offset in zip(column, offsets, strict=True):
        blocks.append([wished[name] - offset, 4.0 if name in slots else 1.0, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, weight, count = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + mean * weight) / (last[1] + weight)
            last[1], last[2] = last[1] + weight, last[2] + count
    means = [mean for mean, _, count in blocks for _ in range(int(count))]
    return {name: round(mean + offset, 1) for name, mean, offset in zip(column, means, offsets, strict=True)}


def _ports(
    steps: Iterable[tuple[str, str]], middles: Mapping[str, float], sizes: Mapping[str, Box]
) -> dict[tuple[str, str], float]:
    """How far from a target's middle each line ends, those from above first."""
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in steps:
        sources[target].add(source)
    ports = {}
    for target, found in sources.items():
        ranked = sorted(found, key=lambda name: (middles[name], name))
        apart = min(PORT, sizes[target].height / len(ranked))
        for number, source in enumerate(ranked):
            ports[source, target] = (number - (len(ranked) - 1) / 2) * apart
    return ports


def _rooms(
    order: Sequence[Sequence[str]],
    sizes: Mapping[str, Box],
    chains: Mapping[Link, Sequence[str]],
    place: Mapping[str, int],
    side: Mapping[str, float],
) -> list[tuple[float, float]]:
    """For the gap behind each column: the room for tracks, and the room for labels."""
    labels = [0.0] * len(order)
    sources: list[set[str]] = [set() for _ in order]
    for link, chain in chains.items():
        labels[place[link.target] - 1] = max(labels[place[link.target] - 1], link.label)
        for name in chain[:-1]:
            sources[place[name]].add(name)
    beside = [max((side.get(name, 0.0) for name in column), default=0.0) for column in order]
    return [
        (beside[at] + 2 * MARGIN + TRACK * max(0, len(sources[at]) - 1), labels[at] + MARGIN / 2)
        for at in range(len(order))
    ]


def _lefts(
    order: Sequence[Sequence[str]], sizes: Mapping[str, Box], rooms: Sequence[tuple[float, float]]
) -> list[float]:
    lefts = [0.0]
    for column, (tracks, labels) in zip(order, rooms, strict=True):
        lefts.append(lefts[-1] + max((sizes[name].width for name in column), default=0.0) + tracks + labels)
    return lefts


def _tracks(
    steps: Sequence[tuple[str, str]],
    middles: Mapping[str, float],
    place: Mapping[str, int],
    lefts: Sequence[float],
    order: Sequence[Sequence[str]],
    sizes: Mapping[str, Box],
    side: Mapping[str, float],
) -> dict[str, float]:
    """Where the lines of each source turn. Lines going up turn first from above, those going down last."""
    targets: defaultdict[str, list[float]] = defaultdict(list)
    for source, target in steps:
        targets[source].append(middles[target])
    tracks = {}
    for column in order:
        found = [name for name in column if name in targets]
        up = [name for name in found if fmean(targets[name]) < middles[name]]
        down = [name for name in found if name not in up]
        wide = max((sizes[name].width for name in column), default=0.0)
        beside = max((side.get(name, 0.0) for name in column), default=0.0)
        for number, name in enumerate([*up, *reversed(down)]):
            tracks[name] = lefts[place[name]] + wide + beside + MARGIN + number * TRACK
    return tracks


def _corners(
    chain: Sequence[str],
    middles: Mapping[str, float],
    ports: Mapping[tuple[str, str], float],
    tracks: Mapping[str, float],
    lefts: Sequence[float],
    sizes: Mapping[str, Box],
    place: Mapping[str, int],
) -> tuple[tuple[float, float], ...]:
    points = [(lefts[place[chain[0]]] + sizes[chain[0]].width, middles[chain[0]])]
    for source, target in pairwise(chain):
        height = middles[target] + (ports[source, target] if target == chain[-1] else 0.0)
        last = points[-1][1]
        if abs(height - last) <= STRAIGHT:
            height = last
        else:
            points += [(tracks[source], last), (tracks[source], height)]
        points.append((lefts[place[target]], height))
    return tuple(points)
