"""Hypothesis: `ci` draws the same examples every time, `large` many new ones from a seed that is printed."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from followup.testing.fixtures import engine_with, mail_server, run_followup

__all__ = ["engine_with", "mail_server", "pytest_report_header", "run_followup"]

os.environ["FOLLOWUP_CACHE"] = ""  # no test leaves anything in the cache folder of whoever runs it

settings.register_profile(
    "large",
    max_examples=5_000,
    derandomize=False,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)


def pytest_report_header(config: pytest.Config) -> str | None:
    seed = config.getoption("--hypothesis-seed")
    return f"seed: --hypothesis-seed={seed}" if seed is not None else None
