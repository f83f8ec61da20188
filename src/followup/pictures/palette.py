"""The colours of all pictures, in light and in dark surroundings, as properties that a style sheet names."""

from __future__ import annotations

__all__ = ["PALETTE", "palette"]

_COLOURS = {
    "paper": ("#fdfcfa", "#15181d"),
    "frame": ("#e6e2da", "#2b3038"),
    "panel": ("#fff", "#1d2128"),
    "panel-edge": ("#cfd3da", "#3a414c"),
    "band": ("#f5f4f1", "#1b1f26"),
    "day-off": ("#e9e6e0", "#262b34"),
    "ink": ("#1f2430", "#e9ebef"),
    "quiet": ("#5f6673", "#a3abb8"),
    "line": ("#8d95a3", "#7d8695"),
    "event": ("#eaf1fb", "#1d2a3d"),
    "event-edge": ("#a9c1e3", "#3c5985"),
    "message": ("#3466b8", "#7fabf0"),
    "task": ("#7f57bb", "#b999ee"),
    "together": ("#2f8f78", "#55b89f"),
    "together-ink": ("#23705d", "#6fcdb5"),
    "open": ("#8cc7b8", "#2f6d5b"),
    "stop": ("#b4433a", "#f0857b"),
    "hold": ("#a0670a", "#e2ab55"),
}  # fmt: skip


def _properties(dark: bool) -> str:
    return "".join(f"--{name}:{pair[dark]};" for name, pair in _COLOURS.items())


def palette(selector: str) -> str:
    """The colours for what a selector names, light or dark as the reader has it."""
    light, dark = _properties(False), _properties(True)
    return f"{selector}{{{light}}}@media (prefers-color-scheme:dark){{{selector}{{{dark}}}}}"


PALETTE = palette("svg")
"""What a style sheet begins with; it names a colour as `var(--ink)`."""
