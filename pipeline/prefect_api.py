"""Whether a Prefect API is configured and answers, found out without importing Prefect (运行引擎).

Prefect takes seconds to import and, without a server, starts a temporary one that takes 10 to 20 more and keeps no
history. So it is used where somebody has set a server up, and only then.
"""

from __future__ import annotations

import os
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final, Literal

Engine = Literal["prefect", "local"]
PREFECT: Final = "prefect"
LOCAL: Final = "local"

CONFIG = "ZIPING_CONFIG"
"""The environment variable that names the ziping.toml of a process whose runs come from an API."""

ANSWER_SECONDS = 5.0

SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_CLIENT_MAX_RETRIES": "2",
}
"""Prefect reads these when it is imported: nothing is told to anybody outside, its log stays in its own pages, and an
API that went away is given up after seconds, not minutes."""


def prepare() -> None:
    """Make the settings, leaving what the user has set."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def configured_api() -> str | None:
    """The address of the Prefect API the environment or the active profile names, None when there is none."""
    return os.environ.get("PREFECT_API_URL") or _profile_api()


def _profile_api() -> str | None:
    home = Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()
    path = Path(os.environ.get("PREFECT_PROFILES_PATH") or home / "profiles.toml")
    try:
        profiles = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    active = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
    settings = profiles.get("profiles", {}).get(active, {})
    address = settings.get("PREFECT_API_URL") if isinstance(settings, dict) else None
    return address if isinstance(address, str) and address else None


def answers(api: str) -> bool:
    """Whether something answers at `api`; being refused for want of a key counts as an answer."""
    try:
        urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=ANSWER_SECONDS).close()
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False
    return True
