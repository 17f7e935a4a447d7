"""A phone with the companion app, without a phone: what is pushed to it, and what is tapped on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.peers.home_assistant import HomeAssistant


@dataclass
class Phone:
    """What was pushed to a phone, and its taps."""

    assistant: HomeAssistant
    webhook: str
    sent: list[dict[str, Any]] = field(default_factory=list)

    def tags(self) -> list[str]:
        """The prompts that arrived, in order."""
        return [str(each["data"]["tag"]) for each in self.sent]

    def tap(self, action: str, **more: str) -> None:
        """Tap a button, as the companion app reports it: over its webhook, which asks for no token."""
        event = {"event_type": "mobile_app_notification_action", "event_data": {"action": action, **more}}
        status, _ = self.assistant.call("POST", f"/api/webhook/{self.webhook}", {"type": "fire_event", "data": event})
        assert status == HTTPStatus.OK


@contextmanager
def push_service(sent: list[dict[str, Any]]) -> Iterator[str]:
    """What a phone's messages go through; yields its address."""

    class Push(BaseHTTPRequestHandler):
        """Takes what a phone would get."""

        def do_POST(self) -> None:
            """Keep it, and answer as the real service does."""
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            limits = {"successful": 1, "errors": 0, "maximum": 500, "resetsAt": "2026-01-01T00:00:00Z"}
            self.send_response(HTTPStatus.CREATED)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"rateLimits": limits}).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Push)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/push"
    server.shutdown()
    server.server_close()
    thread.join(5)


def registered(assistant: HomeAssistant, address: str, sent: list[dict[str, Any]]) -> Phone:
    """A phone whose app has just been set up."""
    status, answer = assistant.call(
        "POST",
        "/api/mobile_app/registrations",
        {
            "device_id": "robins-phone",
            "app_id": "unclench.test",
            "app_name": "test",
            "app_version": "1",
            "device_name": "Robins phone",
            "manufacturer": "none",
            "model": "none",
            "os_name": "none",
            "os_version": "1",
            "supports_encryption": False,
            "app_data": {"push_token": "token", "push_url": address},
        },
    )
    assert status == HTTPStatus.CREATED
    assert isinstance(answer, dict)
    return Phone(assistant, str(answer["webhook_id"]), sent)
