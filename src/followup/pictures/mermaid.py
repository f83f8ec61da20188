"""A graph of rules as the text of a Mermaid flowchart, for pages and tools that draw it themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator

from followup.describing import either
from followup.pictures.graph import Edge, Graph, Node
from followup.plain import plain_line

__all__ = ["graph_mermaid"]

_ENTITIES = str.maketrans({"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "&": "#amp;"})
_CLASSES = {
    "event": "fill:#eaf1fb,stroke:#a9c1e3,color:#1f2430",
    "rule": "fill:#ffffff,stroke:#3466b8,color:#1f2430",
    "task": "fill:#ffffff,stroke:#7f57bb,color:#1f2430",
}


def graph_mermaid(graph: Graph) -> str:
    """The flowchart, from left to right; ends with a newline."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes, 1)}
    yield from ("---", f"title: {json.dumps(plain_line(graph.title), ensure_ascii=False)}", "---")
    yield "flowchart LR"
    for node in graph.nodes:
        opened, closed = ("([", "])") if node.kind == "event" else ("[", "]")
        words = "<br>".join(_escaped(line) for line in _words(node))
        yield f'  {names[node.id]}{opened}"{words}"{closed}:::{node.kind}'
    for edge in graph.edges:
        arrow = {"after": "-->", "else": "-.->", "joins": "-.->", "repeats": "-->"}[edge.kind]
        yield f'  {names[edge.source]} {arrow}|"{_escaped(_label(edge))}"| {names[edge.target]}'
    for kind, style in _CLASSES.items():
        yield f"  classDef {kind} {style}"


def _words(node: Node) -> Iterator[str]:
    yield node.title
    yield from node.lines
    if node.stops:
        yield f"unless {either(node.brief_stops)}"
    if node.guards:
        yield f"guards: {', '.join(node.guards)}"


def _label(edge: Edge) -> str:
    if edge.kind == "joins":
        return "rides in"
    if edge.kind == "repeats":
        return f"again every {edge.wait}"
    return f"{edge.wait} {edge.detail}".strip()


def _escaped(words: str) -> str:
    return plain_line(words).translate(_ENTITIES)
