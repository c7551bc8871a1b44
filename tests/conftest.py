"""Settings for all tests: property tests neither race a clock nor change from run to run; long files begin first."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

LONG = (
    "test_spread",
    "test_flow",
    "test_kill",
    "test_scale_out",
    "test_schedule",
    "test_desk",
    "test_nightly",
    "test_cli",
)
"""Files of few tests that start servers and readers: begun last, each keeps one core busy and leaves others idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
