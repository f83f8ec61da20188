"""One opportunity in which a thank-you is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

__all__ = ["KEY", "made_state"]

KEY = "thank-you:r1:dana"


def made_state(now: datetime) -> dict[str, Any]:
    """An interview three hours before `now`."""
    interview = {
        "type": "interview",
        "id": "r1",
        "at": (now - timedelta(hours=3)).isoformat(),
        "with": ["dana"],
    }
    return {
        "format": 1,
        "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC"},
        "company": {"name": "Initech", "timezone": "UTC"},
        "position": {"title": "Data Engineer"},
        "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
        "events": [interview],
    }
