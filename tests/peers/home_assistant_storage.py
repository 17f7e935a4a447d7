"""What a Home Assistant keeps in `.storage`, written beforehand: onboarded, one token, one MQTT broker."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.peers.versions import Version

LIFETIME = timedelta(days=3650)
CREATED = datetime(2025, 1, 1, tzinfo=UTC).isoformat()
Stored = Mapping[str, object]


def write_storage(config_dir: Path, version: Version, *, http_port: int, broker_port: int) -> str:
    """Write every store that this version reads and return the long-lived token."""
    token_id, jwt_key = secrets.token_hex(16), secrets.token_hex(64)
    stores = {
        "auth": (1, 1, auth(token_id, jwt_key, version)),
        "onboarding": (4, 1, {"done": ["user", "core_config", "analytics", "integration"]}),
        "core.config_entries": (1, 5, {"entries": entries(version, broker_port)}),
        "http": (version.http_store, 1, http(version, http_port)),
    }
    folder = config_dir / ".storage"
    folder.mkdir(parents=True)
    for key, (major, minor, data) in stores.items():
        text = json.dumps({"version": major, "minor_version": minor, "key": key, "data": data})
        (folder / key).write_text(text)
    return signed_token(token_id, jwt_key)


def auth(token_id: str, jwt_key: str, version: Version) -> Stored:
    """Return one owner with one long-lived token."""
    user_id = secrets.token_hex(16)
    user: Stored = {
        "id": user_id,
        "group_ids": ["system-admin"],
        "name": "Tests",
        "is_owner": True,
        "is_active": True,
        "system_generated": False,
        "local_only": False,
    }
    token: Stored = {
        "id": token_id,
        "user_id": user_id,
        "jwt_key": jwt_key,
        "token": secrets.token_hex(64),
        "token_type": "long_lived_access_token",
        "access_token_expiration": LIFETIME.total_seconds(),
        "client_name": "tests",
        "created_at": CREATED,
        "version": version.name,
        **dict.fromkeys(("client_id", "client_icon", "last_used_at", "last_used_ip", "expire_at", "credential_id")),
    }
    names = {"system-admin": "Administrators", "system-users": "Users", "system-read-only": "Read Only"}
    groups = [{"id": key, "name": name} for key, name in names.items()]
    return {"users": [user], "groups": groups, "credentials": [], "refresh_tokens": [token]}


def http(version: Version, port: int) -> Stored:
    """Return the listening address; even recovery mode then stays on the loopback."""
    server: Stored = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": [],
        "ip_ban_enabled": False,
        "login_attempts_threshold": -1,
        "use_x_frame_options": True,
    }
    if version.http_store == 1:
        return {**server, "ssl_profile": "modern"}
    stable = {**server, "ssl_profile": "intermediate_v6", "created_at": CREATED, "error": None, "error_message": None}
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def entries(version: Version, broker_port: int) -> list[Stored]:
    """Return the integrations that are set up: MQTT, and what must not poll the cloud as disabled."""
    status = {
        name: {"topic": "homeassistant/status", "payload": payload, "qos": 0, "retain": False}
        for name, payload in (("birth_message", "online"), ("will_message", "offline"))
    }
    options: Stored = {"discovery": True, "discovery_prefix": "homeassistant", **status}
    broker: dict[str, object] = {"broker": "127.0.0.1", "port": broker_port}
    if version.mqtt_entry < (2, 1):
        return [entry("mqtt", version.mqtt_entry, broker, options)]
    broker["protocol"] = "5"  # without it this version probes the broker and rewrites the entry
    marketplace = entry("marketplace", (1, 1), {}, {}, disabled=True)
    return [entry("mqtt", version.mqtt_entry, broker, options), marketplace]


def entry(
    domain: str,
    version: tuple[int, int],
    data: Stored,
    options: Stored,
    *,
    disabled: bool = False,
) -> Stored:
    """Return one stored config entry."""
    return {
        "entry_id": secrets.token_hex(13),
        "domain": domain,
        "title": domain,
        "unique_id": None,
        "version": version[0],
        "minor_version": version[1],
        "source": "system" if disabled else "user",
        "data": data,
        "options": options,
        "disabled_by": "user" if disabled else None,
        "created_at": CREATED,
        "modified_at": CREATED,
        "discovery_keys": {},
        "subentries": [],
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
    }


def signed_token(token_id: str, jwt_key: str) -> str:
    """Return the JWT (HS256) that this Home Assistant will accept as its own."""
    now = int(time.time())
    claims = {"iss": token_id, "iat": now, "exp": now + int(LIFETIME.total_seconds())}
    unsigned = ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    signature = hmac.new(jwt_key.encode(), unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{_base64(signature)}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
