"""`unclench replay - --lockstep` in a process of its own: a line in, its actions out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.summer.messages import Bed, Command, Message, Outside, Passed, Reading

READING_TOPIC, BED_TOPIC = "zigbee2mqtt/bedroom", "bed-board/binary_sensor/bed/state"
OUTSIDE_TOPIC = "garden/temperature"
CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-c", "import sys; from integration.cli import main; sys.exit(main())")


def configure(
    folder: Path, *, trigger_c: float, time_zone: str, cooling: list[str], bed: bool = True, outdoor: bool = False
) -> None:
    """Write the home and the profile; what is not named here stays at its default."""
    lies = f"    bed:\n      sensors:\n        - topic: {BED_TOPIC}\n          dialect: esphome\n" if bed else ""
    outside = f"outdoor:\n  topic: {OUTSIDE_TOPIC}\n  dialect: plain\n  unit: C\n" if outdoor else ""
    devices = "".join(f"      - {entity.split('.')[0]}: {entity}\n" for entity in cooling)
    (folder / "home.yaml").write_text(
        f"version: 1\n{outside}rooms:\n  bedroom:\n    person: anna\n"
        f"    sensors:\n      - topic: {READING_TOPIC}\n        dialect: zigbee2mqtt\n"
        f"{lies}    cooling:\n{devices}"
    )
    (folder / "profiles").mkdir(exist_ok=True)
    (folder / "profiles" / "anna.yaml").write_text(
        f"version: 1\nname: Anna\ntime_zone: {time_zone}\n"
        f"triggers:\n  heat:\n    above: {trigger_c}\n    above_in_bed: {trigger_c}\n"
    )


def line(now_s: int, message: Message) -> str:
    """A message as `docs/replay.md` describes it."""
    said: dict[str, object] = {"tst": datetime.fromtimestamp(now_s, UTC).isoformat()}
    match message:
        case Reading():
            said |= {"topic": READING_TOPIC, "qos": 0, "retain": 0}
            said["payload"] = {"temperature": message.temperature_c, "humidity": message.humidity}
        case Bed():
            said |= {"topic": BED_TOPIC, "qos": 0, "retain": 0, "payload": "ON" if message.occupied else "OFF"}
        case Outside():
            said |= {"topic": OUTSIDE_TOPIC, "qos": 0, "retain": 0, "payload": message.temperature_c}
        case Passed():
            pass
        case _:
            said |= {"entity_id": message.entity_id, "state": message.state, "attributes": message.attributes}
    return json.dumps(said)


class Lockstep:
    """The running program."""

    def __init__(self, folder: Path, program: tuple[str, ...] = PROGRAM) -> None:
        self._command = [*program, "replay", "-", "--lockstep", "--config", str(folder)]
        self._errors = folder / "errors.txt"
        self.lines = 0
        self.cpu_s = 0.0

    def __enter__(self) -> Self:
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            )
        return self

    def ask(self, now_s: int, message: Message) -> list[Command]:
        """Say one line, and wait for what is done about it."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # pragma: no cover - both are pipes
            raise RuntimeError
        stdin.write(line(now_s, message) + "\n")
        stdin.flush()
        self.lines += 1
        commands: list[Command] = []
        for answer in stdout:
            said: Mapping[str, object] = json.loads(answer)
            if "done" in said:
                return commands
            commands += _commands(said)
        problem = f"unclench ended at line {self.lines}: {self._errors.read_text()[-2000:]}"
        raise RuntimeError(problem)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu_s = used.ru_utime + used.ru_stime


def _commands(said: Mapping[str, object]) -> list[Command]:
    """The commands in an action that this home has a device for."""
    target, data = said.get("target"), said.get("data")
    entities = target.get("entity_id", []) if isinstance(target, dict) else []
    named = [entities] if isinstance(entities, str) else entities
    return [Command(str(said["service"]), entity, data if isinstance(data, dict) else {}) for entity in named]
