"""The ways in which Home Assistant can reach a person; here nobody hears them, the calls are recorded."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from integration.demo import ha_services as services
from integration.demo.ha_entities import Entity, Report, Schemas
from integration.demo.ha_states import Attributes, State


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyEntity(Entity):
    """A display: `notify.send_message` reaches it."""

    @property
    def accepts(self) -> Schemas:
        """The service of a display."""
        return {"send_message": services.SendMessage}

    def first(self) -> Report:
        """Return that nothing was shown yet."""
        return "unknown", {"supported_features": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyService:
    """A phone: a service `notify.<name>` without an entity."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script(Entity):
    """A script: a service of its own name."""

    required: tuple[str, ...] = ()
    """Variables without which it fails."""

    @property
    def accepts(self) -> Schemas:
        """The script as a service."""
        return {self.object_id: services.Variables}

    def first(self) -> Report:
        """Return that it does not run."""
        return "off", {"last_triggered": None, "mode": "queued", "current": 0, "max": 10}

    def check(self, service: str, data: BaseModel) -> None:
        """Fail, as a template does, when a variable it needs is missing."""
        missing = [name for name in self.required if name not in data.model_dump()]
        if missing:
            message = f"Error rendering data template of script {service}: {missing[0]} is undefined"
            raise services.ServiceFailedError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice(Entity):
    """A voice: `tts.speak` says a message through a loudspeaker."""

    @property
    def accepts(self) -> Schemas:
        """The service of a voice."""
        return {"speak": services.Speak}

    def first(self) -> Report:
        """Return that nothing was said yet."""
        return "unknown", {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker(Entity):
    """A loudspeaker that a voice is heard from. It can be stopped at any time, also when nothing sounds."""

    state: str = "idle"

    @property
    def accepts(self) -> Schemas:
        """What is asked of it here: to be silent, and how loud it is to be."""
        return {"media_stop": services.OnEntities, "volume_set": services.SetVolume}

    def capabilities(self) -> Attributes:
        """Return that it can be stopped, and its volume set."""
        return {"friendly_name": self.name, "supported_features": 4 + 512 + 4096}

    def first(self) -> Report:
        """Return state and volume."""
        return self.state, {"volume_level": 0.5}

    def obey(self, service: str, data: BaseModel, now: State) -> Report | None:  # noqa: ARG002 - all is in the data
        """Take the volume, or be silent."""
        if isinstance(data, services.SetVolume):
            return now.state, {**now.attributes, "volume_level": data.volume_level}
        return "idle", now.attributes
