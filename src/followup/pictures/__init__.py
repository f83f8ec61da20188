"""Pictures: rules as a graph, stories as lanes, opportunities along time."""

from __future__ import annotations

from followup.pictures.graph import Edge, Graph, Node, graph_of
from followup.pictures.lanes import comparison_svg
from followup.pictures.mermaid import graph_mermaid
from followup.pictures.svg import graph_svg
from followup.pictures.timelines import overview_svg, timeline_svg

__all__ = [
    "Edge",
    "Graph",
    "Node",
    "comparison_svg",
    "graph_mermaid",
    "graph_of",
    "graph_svg",
    "overview_svg",
    "timeline_svg",
]
