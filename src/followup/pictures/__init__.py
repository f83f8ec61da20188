"""Rules as pictures: one graph, and the ways to draw it."""

from __future__ import annotations

from followup.pictures.graph import Edge, Graph, Node, graph_of
from followup.pictures.mermaid import graph_mermaid
from followup.pictures.svg import graph_svg

__all__ = ["Edge", "Graph", "Node", "graph_mermaid", "graph_of", "graph_svg"]
