"""Asks Home Assistant what it has. Only reads."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from homeassistant_api import Client
from homeassistant_api.errors import (
    EndpointNotFoundError,
    HomeassistantAPIError,
    InternalServerError,
    RequestTimeoutError,
    UnauthorizedError,
)
from niquests.exceptions import RequestException, Timeout

from config.errors import PeerError, PeerUnavailableError
from config.home import HomeAssistant
from integration.trust import tls_problem

PEER = "Home Assistant"
TIMEOUT_S = 5.0
"""For each of the three calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What Home Assistant has: states by entity id, services as "domain.name", and the unit of its climate entities."""

    states: dict[str, str]
    attributes: dict[str, dict[str, object]] = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    fahrenheit: bool = False


def read_inventory(home_assistant: HomeAssistant, token: str | None) -> Inventory:
    """Read everything in three calls. Raises PeerError when it refuses, PeerUnavailableError when it is away."""
    url = home_assistant.url
    if not token:
        raise PeerError(PEER, url, "there is no token", "Put it into secrets.env, as UNCLENCH_HA_TOKEN")
    logging.getLogger("homeassistant_api").setLevel(logging.WARNING)
    client = Client(f"{url}/api", token)
    client.global_request_kwargs["timeout"] = TIMEOUT_S
    client.global_request_kwargs["allow_redirects"] = False  # the token goes to this address, and to no other
    if home_assistant.ca is not None:
        client.global_request_kwargs["verify"] = str(home_assistant.ca)
    try:
        config, states, services = client.request("config"), client.request("states"), client.request("services")
        return _inventory(config, states, services)
    except (HomeassistantAPIError, RequestException, OSError) as error:
        raise _peer_error(url, error) from error
    except (TypeError, KeyError, AttributeError) as error:
        raise _not_home_assistant(url) from error


def _inventory(config: Any, states: Any, services: Any) -> Inventory:  # noqa: ANN401 (whatever the JSON holds)
    return Inventory(
        states={entry["entity_id"]: str(entry["state"]) for entry in states},
        attributes={entry["entity_id"]: dict(entry.get("attributes") or {}) for entry in states},
        services=frozenset(f"{entry['domain']}.{name}" for entry in services for name in entry["services"]),
        fahrenheit="F" in str((config.get("unit_system") or {}).get("temperature", "")),
    )


def _peer_error(url: str, error: Exception) -> PeerError:
    if isinstance(error, UnauthorizedError):
        return PeerError(PEER, url, "it refuses the token", "Make a new one and put it into secrets.env")
    if isinstance(error, RequestTimeoutError | Timeout):
        return PeerUnavailableError(PEER, url, "it does not answer", "Is it switched on?")
    if isinstance(error, InternalServerError):
        return PeerUnavailableError(PEER, url, "it answers with an error", "If it has just started, wait a minute")
    if isinstance(error, EndpointNotFoundError | HomeassistantAPIError):
        return _not_home_assistant(url)
    problem = tls_problem(error)
    if problem is not None:
        return PeerError(PEER, url, problem.says, problem.remedy)
    return PeerUnavailableError(PEER, url, _reason(error), "Is the address right, and Home Assistant running?")


def _not_home_assistant(url: str) -> PeerError:
    problem = "something answers there, but not as Home Assistant does"
    return PeerError(PEER, url, problem, "Write the address that you open it with, without a path")


def _reason(error: Exception) -> str:
    """The first cause in plain words: the client wraps it several times."""
    text = str(error).lower()
    if "refused" in text:
        return "nothing listens at this address"
    if "name" in text and ("resol" in text or "known" in text):
        return "nobody knows this name"
    return "it cannot be reached"
