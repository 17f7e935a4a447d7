"""Which keys and values are secrets. They live in the environment or in secrets.env, never in a file that is shared."""

from __future__ import annotations

import re

PROPER_PLACE = (
    "it belongs into secrets.env beside home.yaml, or into the environment, as UNCLENCH_MQTT_PASSWORD or "
    "UNCLENCH_HA_TOKEN"
)
_SECRET_KEY = re.compile(r"pass?w(or)?d|passphrase|passwort|token|secret|api_?key|credential|bearer", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"eyJ[A-Za-z0-9_-]{8}|[^\s@]@[^\s@]|bearer\s|[A-Za-z0-9+]{32}", re.IGNORECASE)
"""A token of Home Assistant starts with eyJ; a login stands before an @; nothing else here has 32 signs in a row."""


def is_secret_key(key: str) -> bool:
    """Whether a key of this name holds a secret."""
    return _SECRET_KEY.search(key) is not None


def looks_secret(value: str) -> bool:
    """Whether a value is better not shown."""
    return _SECRET_VALUE.search(value) is not None
