"""The stand-in's WebSocket API: one object per connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Literal, TypeGuard

from pydantic import BaseModel, ConfigDict, Field
from starlette.websockets import WebSocket, WebSocketDisconnect

from integration.demo.ha_core import VERSION, Core
from integration.demo.ha_services import (
    EntityIds,
    InvalidFormatError,
    ServiceFailedError,
    ServiceNotFoundError,
    ServiceValidationError,
    parsed,
)
from integration.demo.ha_states import Event, StateChanged

Message = Mapping[str, object]
ERROR_CODES: Mapping[type[Exception], str] = {
    ServiceNotFoundError: "not_found",
    InvalidFormatError: "invalid_format",
    ServiceValidationError: "service_validation_error",
    ServiceFailedError: "home_assistant_error",
    LookupError: "not_found",
}


class StateTrigger(BaseModel):
    """The only trigger there is here; without `to` and `from` it fires for attributes too."""

    model_config = ConfigDict(extra="forbid")

    platform: Literal["state"]
    entity_id: EntityIds
    to: str | list[str] | None = None
    from_: str | list[str] | None = Field(default=None, alias="from")

    def fires(self, change: Event) -> TypeGuard[StateChanged]:
        """Tell whether the trigger fires for an event."""
        if not isinstance(change, StateChanged):
            return False
        old = change.old.state if change.old else None
        new = change.new.state if change.new else None
        if change.entity_id not in self.entity_id:
            return False
        bounds = [(self.to, new), (self.from_, old)]
        if not self.model_fields_set & {"to", "from_"}:
            return True
        return old != new and all(wanted is None or seen in _listed(wanted) for wanted, seen in bounds)


class Connection:
    """One client: it must say the token first, then its commands are answered in order."""

    def __init__(self, core: Core, socket: WebSocket) -> None:
        self._core = core
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._outgoing: asyncio.Queue[Message] = asyncio.Queue()
        self._subscriptions: dict[int, Callable[[Event], Message | None]] = {}
        self._last_id = 0
        self._commands: dict[str, Callable[[Message], object]] = {
            "supported_features": lambda _: None,
            "get_states": lambda _: [state.as_json() for state in core.states.all()],
            "auth/current_user": lambda _: {
                "id": core.user_id,
                "name": "Unclench",
                "is_owner": False,
                "is_admin": False,
            },
            "get_config": lambda _: core.config(),
            "get_services": lambda _: core.services(),
            "call_service": self._call_service,
            "subscribe_events": self._subscribe_events,
            "subscribe_trigger": self._subscribe_trigger,
            "unsubscribe_events": self._unsubscribe,
        }

    async def serve(self) -> None:
        """Talk until the client or the home goes away."""
        await self._socket.accept()
        sending = asyncio.create_task(self._send_all())
        try:
            if await self._authenticated():
                with self._core.states.listening(self._tell):
                    while True:
                        self._answer(await self._receive())
        except WebSocketDisconnect:
            pass
        finally:
            sending.cancel()

    async def _authenticated(self) -> bool:
        await self._socket.send_json({"type": "auth_required", "ha_version": VERSION})
        message = await self._receive()
        given = str(message.get("access_token", "")) if message.get("type") == "auth" else ""
        if self._core.lets_in(given):
            await self._socket.send_json({"type": "auth_ok", "ha_version": VERSION})
            return True
        await self._socket.send_json({"type": "auth_invalid", "message": "Invalid access token or password"})
        await self._socket.close()
        return False

    async def _receive(self) -> Message:
        """Return the next message; what is not a JSON object ends the connection."""
        text = await self._socket.receive_text()
        await self._core.faults.pass_through()
        try:
            message: object = json.loads(text)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            await self._socket.close()
            raise WebSocketDisconnect
        return message

    async def _send_all(self) -> None:
        while True:
            message = await self._outgoing.get()
            await self._core.faults.thawed()
            await self._socket.send_text(json.dumps(message))

    def _send(self, message: Message) -> None:
        """Send from any thread; what is sent first arrives first."""
        self._loop.call_soon_threadsafe(self._outgoing.put_nowait, message)

    def _answer(self, message: Message) -> None:
        number, kind = message.get("id"), message.get("type")
        if not isinstance(number, int) or not isinstance(kind, str):
            self._send(_failure(None, "invalid_format", "Message incorrectly formatted."))
        elif number <= self._last_id:
            self._send(_failure(number, "id_reuse", "Identifier values have to increase."))
        else:
            self._last_id = number
            seconds = self._core.faults.seconds(called_with(message)) if kind == "call_service" else 0.0
            if seconds:  # it is done, whether or not anybody still waits for the answer
                self._loop.call_later(seconds, lambda: self._send(self._result(number, kind, message)))
            else:
                self._send(self._result(number, kind, message))

    def _result(self, number: int, kind: str, message: Message) -> Message:
        if kind == "ping":
            return {"id": number, "type": "pong"}
        command = self._commands.get(kind)
        if command is None:
            return _failure(number, "unknown_command", "Unknown command.")
        try:
            return {"id": number, "type": "result", "success": True, "result": command(message)}
        except ServiceValidationError as error:
            return _failure(number, ERROR_CODES[type(error)], f"Validation error: {error}")
        except tuple(ERROR_CODES) as error:
            return _failure(number, ERROR_CODES[type(error)], str(error))

    def _call_service(self, message: Message) -> object:
        context = self._core.call(str(message.get("domain")), str(message.get("service")), called_with(message))
        return {"context": context.as_json(), "response": None}

    def _subscribe_events(self, message: Message) -> None:
        number, wanted = self._last_id, message.get("event_type")

        def told(event: Event) -> Message | None:
            if wanted not in (None, event.event_type):
                return None
            return {"id": number, "type": "event", "event": event.as_json()}

        self._subscriptions[number] = told

    def _subscribe_trigger(self, message: Message) -> None:
        number = self._last_id
        trigger = parsed(StateTrigger, message.get("trigger"))
        assert isinstance(trigger, StateTrigger)  # noqa: S101 - `parsed` returns what it is given
        self._subscriptions[number] = lambda event: _fired(number, event) if trigger.fires(event) else None

    def _unsubscribe(self, message: Message) -> None:
        subscription = message.get("subscription")
        if not isinstance(subscription, int) or subscription not in self._subscriptions:
            text = "Subscription not found."
            raise LookupError(text)
        del self._subscriptions[subscription]

    def _tell(self, event: Event) -> None:
        """Send an event to whoever asked for it; called in the thread that made it."""
        for subscription in tuple(self._subscriptions.values()):
            if message := subscription(event):
                self._core.count_event()
                self._send(message)


def called_with(message: Message) -> object:
    """Return the data of a service call; its target may stand beside them."""
    data, target = message.get("service_data") or {}, message.get("target") or {}
    return {**data, **target} if isinstance(data, dict) and isinstance(target, dict) else data


def _fired(number: int, change: StateChanged) -> Message:
    """Return the message of a state trigger that fired."""
    trigger = {
        "id": "0",
        "idx": "0",
        "alias": None,
        "platform": "state",
        "entity_id": change.entity_id,
        "from_state": change.old.as_json() if change.old else None,
        "to_state": change.new.as_json() if change.new else None,
        "for": None,
        "attribute": None,
        "description": f"state of {change.entity_id}",
    }
    event = {"variables": {"trigger": trigger}, "context": change.context.as_json()}
    return {"id": number, "type": "event", "event": event}


def _failure(number: int | None, code: str, text: str) -> Message:
    return {"id": number, "type": "result", "success": False, "error": {"code": code, "message": text}}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
