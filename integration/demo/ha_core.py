"""The stand-in's inside: entities, their services, and what a call does. Knows nothing of HTTP."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import RLock

from pydantic import BaseModel

from integration.demo.ha_entities import Entity
from integration.demo.ha_faults import Faults
from integration.demo.ha_messages import NotifyService, Script
from integration.demo.ha_services import (
    Notify,
    OnEntities,
    ServiceCall,
    ServiceNotFoundError,
    described,
    parsed,
)
from integration.demo.ha_states import UNAVAILABLE, Attributes, Clock, Context, State, StateMachine

VERSION = "2026.11.0"
RUNNING = "RUNNING"

OnService = Callable[[str, str, Mapping[str, object]], bool]
"""Called with domain, service and data; True: a device of the caller answers, False: the entity obeys."""


class Core:
    """One home. Calls come from the server's thread, reports from any thread."""

    def __init__(self, token: str, clock: Clock) -> None:
        self.token = token
        self.user_id = secrets.token_hex(16)
        self.phase = RUNNING
        self.faults = Faults()
        self.states = StateMachine(clock)
        self.calls: list[ServiceCall] = []
        self.events_sent = 0
        self.logins_refused = 0
        self.on_service: OnService | None = None
        self._entities: dict[str, Entity] = {}
        self._schemas: dict[tuple[str, str], type[BaseModel]] = {}
        self._before: dict[str, State] = {}
        self._counting = RLock()

    def lets_in(self, token: str) -> bool:
        """Tell whether a token is the one that is let in."""
        welcome = not self.faults.revoked and hmac.compare_digest(token.encode(), self.token.encode())
        self.logins_refused += not welcome
        return welcome

    def add(self, thing: Entity | NotifyService) -> None:
        """Add an entity with its services, or a service without an entity."""
        if isinstance(thing, NotifyService):
            self._schemas["notify", thing.name] = Notify
            return
        self._entities[thing.entity_id] = thing
        for service, schema in thing.accepts.items():
            self._schemas[thing.domain, service] = schema
        state, attributes = thing.first()
        self.states.write(thing.entity_id, state, {**thing.capabilities(), **attributes})

    def config(self) -> dict[str, object]:
        """Return what Home Assistant tells about itself, in part."""
        return {
            "state": self.phase,
            "version": VERSION,
            "location_name": "Demo home",
            "time_zone": "UTC",
            "unit_system": {"temperature": "°C"},
            "components": sorted({domain for domain, _ in self._schemas}),
            "recovery_mode": False,
            "safe_mode": False,
        }

    def services(self) -> dict[str, dict[str, object]]:
        """Return every service by domain and name."""
        listed: dict[str, dict[str, object]] = {}
        for (domain, service), schema in self._schemas.items():
            listed.setdefault(domain, {})[service] = described(schema, domain)
        return listed

    def call(self, domain: str, service: str, data: object) -> Context:
        """Call a service and return the context of its effects; success does not mean that anything was done."""
        schema = self._schemas.get((domain, service))
        if schema is None:
            message = f"Service {domain}.{service} not found."
            raise ServiceNotFoundError(message)
        wanted = parsed(schema, data)
        context = Context(user_id=self.user_id)
        reached = self._reached(domain, service, wanted)
        for entity in reached:
            entity.check(service, wanted)
        plain = wanted.model_dump(exclude_unset=True)
        names = tuple(entity.entity_id for entity in reached)
        self.calls.append(ServiceCall(at=time.monotonic(), domain=domain, service=service, data=plain, reached=names))
        if reached or not isinstance(wanted, OnEntities):
            self._take_effect(domain, service, wanted, reached, context)
        return context

    def report(self, entity_id: str, state: str | None, attributes: Attributes, user_id: str | None) -> None:
        """Take what a device reports (None: the state it has); it is available from now on."""
        known = self._before.pop(entity_id, None) or self.states.get(entity_id)
        if known is None:
            message = f"there is no {entity_id} in this home"
            raise LookupError(message)
        context = None if user_id is None else Context(user_id=user_id)
        self.states.write(entity_id, state or known.state, {**known.attributes, **attributes}, context)

    def lose(self, entity_id: str) -> None:
        """Make an entity unavailable until it reports again."""
        known = self.states.get(entity_id)
        if known is not None and known.state != UNAVAILABLE:
            self._before[entity_id] = known
            self.states.write(entity_id, UNAVAILABLE, self._entities[entity_id].capabilities())

    def rename(self, entity_id: str, new_id: str) -> None:
        """Give an entity another id; nothing is left under the old one."""
        entity, known = self._entities.pop(entity_id), self.states.get(entity_id)
        self._entities[new_id] = replace(entity, entity_id=new_id)
        self.states.remove(entity_id)
        if known is not None:
            self.states.write(new_id, known.state, known.attributes)

    def count_event(self) -> None:
        """Count an event that goes out to a subscriber."""
        with self._counting:
            self.events_sent += 1

    def _reached(self, domain: str, service: str, wanted: BaseModel) -> list[Entity]:
        """Return the entities the call gets to; the unknown, the unavailable and the ignoring are passed over."""
        if self.phase != RUNNING:
            return []
        script = self._entities.get(f"{domain}.{service}")
        if isinstance(script, Script):
            return [script]
        asked = wanted.entity_id if isinstance(wanted, OnEntities) else []
        known = [self._entities[each] for each in asked if each in self._entities]
        return [entity for entity in known if entity.domain == domain and self._is_there(entity)]

    def _is_there(self, entity: Entity) -> bool:
        state = self.states.get(entity.entity_id)
        return state is not None and state.state != UNAVAILABLE

    def _take_effect(
        self, domain: str, service: str, wanted: BaseModel, reached: list[Entity], context: Context
    ) -> None:
        willing = [entity for entity in reached if entity.entity_id not in self.faults.ignoring]
        if reached and not willing:
            return
        for entity in willing:
            self.states.was_called(entity.entity_id, context)
        data = wanted.model_dump(exclude_unset=True)
        if isinstance(wanted, OnEntities):
            data["entity_id"] = [entity.entity_id for entity in willing]
        if self.on_service and self.on_service(domain, service, data):
            return
        for entity in willing:
            now = self.states.get(entity.entity_id)
            if now and (report := entity.obey(service, wanted, now)):
                self.states.write(entity.entity_id, *report, context)
