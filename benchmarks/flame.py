"""Where the time of a plan goes: a flame graph of the examples' plans.

    python -m benchmarks.flame docs/pictures/flame.svg
    python -m benchmarks.flame --bare docs/pictures/flame-bare.svg

The examples are planned over and over, and the stack is looked at a thousand times a second meanwhile. A box
is a function, as wide as the share of looks that found it at work; what it called stands on top of it.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from xml.sax.saxutils import escape

from benchmarks.plans import OTHER_PLUGINS, examples
from benchmarks.states import NOW

from followup import Engine
from followup.pictures.palette import PALETTE

SECONDS = 20.0
"""Of the processor."""
PERIOD = 0.001
WIDTH, ROW, MARGIN, TOP = 1180.0, 19.0, 24.0, 74.0
LEAST_SHARE = 0.004
LETTER = 6.4
STYLE = (
    PALETTE
    + """
.paper{fill:var(--paper);stroke:var(--frame)}.ink{fill:var(--ink)}.quiet{fill:var(--quiet)}
.box{stroke:var(--paper)}.core{fill:var(--event)}.made{fill:var(--open)}.plugin{fill:var(--event-edge)}.other{fill:var(--frame)}
text{font-size:11.5px}.title{font-size:20px;font-weight:600}
"""
)


@dataclass
class Box:
    """A function on the stack: in how many looks it was there, and what stood on top of it."""

    name: str
    kind: str
    looks: int = 0
    above: dict[str, Box] = field(default_factory=dict)

    def add(self, stack: list[tuple[str, str]]) -> None:
        """Count a look that found this stack on top of it."""
        self.looks += 1
        if stack:
            name, kind = stack[0]
            self.above.setdefault(name, Box(name, kind)).add(stack[1:])


def sample(seconds: float, *, bare: bool) -> Box:
    """Plan the examples for some seconds, `bare` without reasons and drafts, and look at the stack."""
    engine = Engine.load(deny=OTHER_PLUGINS)
    states = examples()
    root = Box("all", "other")

    def work() -> None:
        for state in states:
            engine.plan(state, NOW, drafts=not bare, reasons=not bare)

    def look(_: int, frame: FrameType | None) -> None:
        stack = list(_stack(frame))
        if work.__qualname__ in [name for name, _ in stack]:
            root.add(stack[[name for name, _ in stack].index(work.__qualname__) + 1 :])

    work()
    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, PERIOD, PERIOD)
    end = time.process_time() + seconds
    while time.process_time() < end:
        work()
    signal.setitimer(signal.ITIMER_PROF, 0)
    return root


def _stack(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """The functions at work, the outermost first, each with whose it is."""
    frames = []
    while frame is not None:
        frames.append(frame.f_code)
        frame = frame.f_back
    for code in reversed(frames):
        file = Path(code.co_filename)
        if code.co_filename == "<compiled rules>":
            yield f"compiled rules: {code.co_name}", "made"
        elif "followup" in file.parts:
            yield f"{_module(file)}.{code.co_qualname.replace('.<locals>', '')}", "core"
        elif any(part.startswith("followup_") for part in file.parts):
            yield f"{_module(file)}.{code.co_qualname.replace('.<locals>', '')}", "plugin"
        else:
            yield code.co_qualname, "other"


def _module(file: Path) -> str:
    return file.parent.name if file.stem == "__init__" else file.stem


def svg(root: Box, about: str) -> str:
    """The picture: from below what calls, above it what is called, in order of name."""
    height = TOP + _depth(root, LEAST_SHARE * root.looks) * ROW + MARGIN
    boxes = "\n".join(_boxes(root, MARGIN, height - MARGIN - ROW, root.looks))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0f}" height="{height:.0f}" \
viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" font-family="Inter, 'Segoe UI', Arial, sans-serif" \
aria-labelledby="flame-title flame-desc">
<title id="flame-title">Where the time of a plan goes</title>
<desc id="flame-desc">{escape(f"{about} {_described(root)}")}</desc>
<style>{STYLE}</style>
<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1:.0f}" height="{height - 1:.0f}" rx="8"/>
<text class="ink title" x="{MARGIN}" y="38">Where the time of a plan goes</text>
<text class="quiet" x="{MARGIN}" y="58">{about} A box is as wide as its share of \
the time; what it calls stands on top of it.</text>
{boxes}
</svg>
"""


def _depth(box: Box, least: float) -> int:
    return 1 + max((_depth(each, least) for each in box.above.values() if each.looks >= least), default=0)


def _boxes(box: Box, x: float, y: float, looks: int) -> Iterator[str]:
    if box.looks < LEAST_SHARE * looks:
        return
    scale = (WIDTH - 2 * MARGIN) / looks
    width = box.looks * scale
    yield f"<g><title>{escape(box.name)}: {box.looks / looks:.1%}</title>"
    yield f'<rect class="box {box.kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{ROW:.0f}"/>'
    room = int((width - 8) / LETTER)
    if room >= 4:
        shown = box.name if len(box.name) <= room else f"{box.name[: room - 1]}…"
        yield f'<text class="ink" x="{x + 4:.1f}" y="{y + 13.5:.1f}">{escape(shown)}</text>'
    yield "</g>"
    for each in sorted(box.above.values(), key=lambda each: each.name):
        yield from _boxes(each, x, y - ROW, looks)
        x += each.looks * scale


def _described(root: Box) -> str:
    """The widest boxes in words."""
    found = sorted(_shares(root).items(), key=lambda pair: -pair[1])[1:9]
    said = ", ".join(f"{name} {share / root.looks:.0%}" for name, share in found)
    return f"Shares of the time, with what each calls: {said}."


def _shares(box: Box, within: frozenset[str] = frozenset()) -> dict[str, int]:
    shares = {} if box.name in within else {box.name: box.looks}
    for each in box.above.values():
        for name, looks in _shares(each, within | {box.name}).items():
            shares[name] = shares.get(name, 0) + looks
    return shares


def main() -> None:
    """Sample, and write the picture."""
    about = __doc__.partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flame", description=about)
    parser.add_argument("file", type=Path)
    parser.add_argument("--bare", action="store_true", help="plans without reasons and drafts")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"of the processor ({SECONDS:.0f})")
    asked = parser.parse_args()
    shown = f"The examples, {'without' if asked.bare else 'with'} reasons and drafts."
    asked.file.write_text(svg(sample(asked.seconds, bare=asked.bare), shown), "utf-8")


if __name__ == "__main__":
    main()
