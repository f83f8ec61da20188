"""Pictures: rules as a graph, and stories as lanes."""

from __future__ import annotations

from followup.pictures.graph import Edge, Graph, Node, graph_of
from followup.pictures.lanes import comparison_svg
from followup.pictures.mermaid import graph_mermaid
from followup.pictures.svg import graph_svg

__all__ = ["Edge", "Graph", "Node", "comparison_svg", "graph_mermaid", "graph_of", "graph_svg"]
