"""The stage of the evening: broker, stand-in, devices and the real service, built up and taken down."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from config.load import load
from config.settings import Settings
from integration.app import App, compose
from integration.demo.bridge import Bridge
from integration.demo.broker import EmbeddedBroker
from integration.demo.clock import SteppedClock
from integration.demo.home import Devices, write_configuration
from integration.demo.quiet import Quiet
from integration.demo.scene import Scene
from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.household import Stepped

TOKEN = "demo-token"  # noqa: S105 (lets into a simulated home on a loopback port)


@dataclass(slots=True)
class Stage:
    """Everything that runs while the evening is played."""

    clock: SteppedClock
    app: App
    devices: Devices
    bridge: Bridge
    quiet: Quiet
    seen: list[Stepped] = field(default_factory=list)  # filled by the engine's thread


@contextmanager
def stage(scene: Scene) -> Iterator[Stage]:
    """Build and start the home in a temporary folder; whatever happens, nothing of it is left afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unclench-demo-")))
        clock = SteppedClock(scene.evening.start)
        broker = stack.enter_context(EmbeddedBroker(folder))
        home = StandInHomeAssistant(TOKEN, clock.now)
        devices = Devices(scene.room, home)
        devices.add_to_home()
        stack.enter_context(home)
        bridge = Bridge(broker.port)
        stack.callback(bridge.stop)
        bridge.start()
        config, seen = write_configuration(folder / "config", broker.port, home.url), list[Stepped]()
        app = compose(load(config), _settings(config, folder / "data"), clock=clock, schedule=False, watch=seen.extend)
        quiet = Quiet(app, home)
        bridge.tell_bed(occupied=False)
        quiet.published = 1
        stack.callback(app.stop)
        app.start()
        quiet.wait_until_up()
        yield Stage(clock, app, devices, bridge, quiet, seen)


def _settings(config: Path, data: Path) -> Settings:
    """All of them given: nothing of the user's own environment gets into the demo."""
    return Settings(
        config=config,
        data=data,
        secrets_file=config / "secrets.env",
        mqtt_password=None,
        ha_token=SecretStr(TOKEN),
        log_level="info",
    )
