"""Figures as a page of HTML: charts, a table behind each, and what each figure means. One file, no script.

It loads nothing, and its own policy forbids that it could. All words from outside are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from followup.cli.report_words import (
    DEFINITIONS,
    SPREADS,
    STEP_WORDS,
    asked_words,
    channel_words,
    half_within_words,
    intent_title,
    length,
    median_words,
    middle_words,
    promise_words,
    share_words,
    total_words,
)
from followup.pictures.charts import (
    CHART_PATTERNS,
    CHART_STYLE,
    rates_chart,
    spread_chart,
    steps_chart,
    weeks_chart,
)
from followup.pictures.lettering import FONTS
from followup.pictures.palette import palette
from followup.plain import plain_line

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.retrospect.figures import Figures, Rate
    from followup.retrospect.spreads import Spread

__all__ = ["report_page"]

MOST_WEEKS = 26
MOST_VALUES = 24
STYLE = f"""
{palette(":root")}
:root{{color-scheme:light dark}}*{{box-sizing:border-box}}
body{{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 {FONTS}}}
main{{max-width:860px;margin:0 auto;padding:32px 20px 64px}}h1{{font-size:28px;line-height:1.2;margin:0}}
h2{{font-size:18px;margin:0 0 4px}}h3{{font-size:15px;margin:20px 0 0}}p{{margin:4px 0}}
.quiet{{color:var(--quiet)}}section{{margin-top:20px}}
section{{background:var(--panel);border:1px solid var(--frame);border-radius:10px;padding:20px 24px}}
.totals{{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:20px;padding:0}}
.totals div{{background:var(--panel);border:1px solid var(--frame);border-radius:10px;padding:14px 18px}}
.totals dt{{color:var(--quiet);font-size:13px}}.totals dd{{margin:0;font-size:26px;font-weight:600}}
.chart{{overflow-x:auto;margin-top:12px}}.chart svg{{display:block;width:100%;min-width:560px;height:auto}}
details{{margin-top:12px}}summary{{cursor:pointer;color:var(--message)}}.wide{{overflow-x:auto}}
table{{border-collapse:collapse;margin-top:8px;font-size:14px;font-variant-numeric:tabular-nums}}
th,td{{text-align:right;padding:4px 12px;border-bottom:1px solid var(--frame);vertical-align:top}}
th:first-child,td:first-child,.words td,.words th{{text-align:left;padding-left:0}}
thead th{{color:var(--quiet)}}td:first-child{{white-space:nowrap}}
td{{overflow-wrap:break-word;max-width:20em}}.meanings dd{{margin:0}}
.meanings dt{{font-weight:600;margin-top:10px}}
@media print{{section{{break-inside:avoid;border:0;padding:0}}details>*{{display:block}}}}
{CHART_STYLE}"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
Cells = Sequence[object]


def report_page(figures: Figures, clock: Clock) -> str:
    """The whole page."""
    began = figures.since.date() if figures.since else figures.first
    span = f"{clock.day(began)} to {clock.exact(figures.now)}" if began else clock.exact(figures.now)
    told = f"{span}, times in {clock.zone}" + (". Names are left out." if figures.anonymous else "")
    body = "\n".join(_sections(figures))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Looking back, {escape(span)}</title>
<style>{STYLE}</style>
</head>
<body>
{CHART_PATTERNS}
<main>
<h1>Looking back</h1>
<p class="quiet">{escape(told)}</p>
{body}
</main>
</body>
</html>
"""


def _sections(figures: Figures) -> Iterator[str]:
    if not figures.opportunities and not figures.weeks:
        yield _section("Nothing yet", "", ["<p>There is no opportunity to report of.</p>"])
        return
    yield _totals(figures)
    yield _section(
        "How far they came", _stages(figures),
        [
            _chart(steps_chart(figures.steps, STEP_WORDS)),
            _table(
                ("", "reached", "open", "refused", "you left"),
                [(STEP_WORDS[s.name], s.reached, s.open, s.refused, s.left) for s in figures.steps],
            ),
        ],
    )  # fmt: skip
    yield _section(
        "How long it took",
        "A dot for each: filled above the line where it was answered, hollow beneath it where it still "
        "waits. The shaded part is the middle half.",
        _spreads(figures),
    )
    if figures.by_both:
        note = f"Answered within two weeks: {share_words(figures.all_messages)}."
        yield _section("What came of your messages", note, _rates(figures))
    if named := list(promise_words(figures.promises)):
        yield _section("Dates that they named", ", ".join(named), [])
    if figures.weeks:
        yield _section("By week", _weeks_note(figures), _weeks(figures))
    if figures.waiting:
        rows = [(length(w.days), w.opportunity, w.company, asked_words(w)) for w in figures.waiting]
        table = _plain_table(("for", "opportunity", "company", "what"), rows, css="words")
        yield _section("No answer yet", "The longest first.", [table])
    meanings = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in DEFINITIONS.items()
    )
    yield _section("What each figure means", "", [f'<dl class="meanings">{meanings}</dl>'])


def _totals(figures: Figures) -> str:
    pairs = [piece.split(" ", 1) for piece in total_words(figures).split(" · ")]
    tiles = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(count)}</dd></div>" for count, what in pairs)
    return f'<dl class="totals">{tiles}</dl>'


def _stages(figures: Figures) -> str:
    stands = " · ".join(f"{count} {stage}" for stage, count in figures.stages.items())
    return f"Now: {stands}" if stands else ""


def _spreads(figures: Figures) -> Iterator[str]:
    rows = []
    for name, words in SPREADS.items():
        spread: Spread = getattr(figures, name)
        title = f"{words[:1].upper()}{words[1:]}"
        yield f"<h3>{escape(title)}</h3><p class='quiet'>{escape(_told(spread))}</p>"
        if spread.answered or spread.waiting:
            yield _chart(spread_chart(spread, title))
        rows.append(
            (
                words, len(spread.answered), median_words(spread), middle_words(spread),
                half_within_words(spread), len(spread.waiting), spread.overtaken,
                _values(spread.answered), _values(spread.waiting),
            )
        )  # fmt: skip
    yield _table(
        (
            "", "answered", "median", "middle half", "half within", "waiting", "overtaken", "days, answered",
            "days, waiting",
        ),
        rows,
    )  # fmt: skip


def _told(spread: Spread) -> str:
    pieces = [f"{len(spread.answered)} answered, {len(spread.waiting)} waiting, {spread.overtaken} overtaken"]
    if spread.median is not None:
        pieces.append(f"median {median_words(spread)}")
    if spread.low is not None:
        pieces.append(f"middle half {middle_words(spread)}")
        pieces.append(f"half of all within: {half_within_words(spread)}")
    return "; ".join(pieces)


def _values(values: Sequence[float]) -> str:
    shown = ", ".join(f"{value:g}" for value in values[:MOST_VALUES])
    return f"{shown} …" if len(values) > MOST_VALUES else shown


def _rates(figures: Figures) -> Iterator[str]:
    named = [(intent_title(rate.intent), rate) for rate in figures.by_intent]
    named += [(f"by {channel_words(rate.channel)}", rate) for rate in figures.by_channel]
    yield _chart(rates_chart(named))
    both = [(f"{intent_title(r.intent)}, by {channel_words(r.channel)}", r) for r in figures.by_both]
    yield _table(
        ("", "sent", "answered", "waiting", "overtaken", "spoken", "returned", "answered within two weeks"),
        [_rate_row(name, rate) for name, rate in (*named, *both, ("all", figures.all_messages))],
    )


def _rate_row(name: str, rate: Rate) -> Cells:
    return (
        name, rate.sent, rate.answered, rate.waiting, rate.overtaken, rate.spoken, rate.returned,
        share_words(rate),
    )  # fmt: skip


def _weeks_note(figures: Figures) -> str:
    count = len(figures.weeks)
    return f"The last {MOST_WEEKS} of {count} weeks; the table has all." if count > MOST_WEEKS else ""


def _weeks(figures: Figures) -> Iterator[str]:
    yield _chart(weeks_chart(figures.weeks[-MOST_WEEKS:]))
    yield _table(
        ("week of", "begun", "messages", "calls", "they wrote", "interviews", "offers", "refused"),
        [
            (
                w.begins.isoformat(),
                w.begun,
                w.messages,
                w.calls,
                w.answers,
                w.interviews,
                w.offers,
                w.rejections,
            )
            for w in figures.weeks
        ],
    )


# Elements


def _section(title: str, note: str, content: Iterable[str]) -> str:
    told = f'<p class="quiet">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{told}{''.join(content)}</section>"


def _chart(picture: str) -> str:
    return f'<div class="chart">{picture}</div>'


def _table(heads: Sequence[str], rows: Iterable[Cells]) -> str:
    return f"<details><summary>As a table</summary>{_plain_table(heads, rows)}</details>"


def _plain_table(heads: Sequence[str], rows: Iterable[Cells], css: str = "") -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    kind = f' class="{css}"' if css else ""
    return f'<div class="wide"><table{kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(value: object) -> str:
    return f"<td>{escape(plain_line(str(value)))}</td>"
