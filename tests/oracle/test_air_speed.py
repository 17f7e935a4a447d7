"""The cooling effect of a fan agrees with pythermalcomfort, which is too large to depend on (190 MB)."""

from __future__ import annotations

import json
import os
import random
import subprocess

import pytest

from devices.control.air_speed import cooling_effect_c

SPEEDS = (0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
GRID = [
    (float(air), speed, float(humidity), met)
    for air in range(20, 35)
    for speed in SPEEDS
    for humidity in range(30, 81, 10)
    for met in (1.0, 1.2)
]
UNEVEN = random.Random(55)
BETWEEN = [
    (UNEVEN.uniform(20, 34), UNEVEN.uniform(0.12, 0.8), UNEVEN.uniform(30, 80), UNEVEN.choice((1.0, 1.2)))
    for _ in range(400)
]
ASK = """
import json, sys
from pythermalcomfort.models import cooling_effect
air, speed, humidity, met = zip(*json.load(sys.stdin))
air, speed, humidity, met, clo = list(air), list(speed), list(humidity), list(met), [0.5] * len(air)
found = cooling_effect(tdb=air, tr=air, vr=speed, rh=humidity, met=met, clo=clo)
print(json.dumps([float(each) for each in found.ce]))
"""


@pytest.mark.oracle
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("rooms", "within"), [(GRID, 0.05), (BETWEEN, 0.15)], ids=["steps", "between"])
def test_the_cooling_effect_is_that_of_the_oracle(rooms: list[tuple[float, ...]], within: float) -> None:
    """Where nothing is rounded within 0.05 °C (found: 0.02); elsewhere the rounding comes on top of it."""
    python = os.environ.get("UNCLENCH_ORACLE_PYTHON")
    if not python:
        pytest.skip("UNCLENCH_ORACLE_PYTHON is not set, see .ci/install-oracle")
    asked = subprocess.run([python, "-c", ASK], input=json.dumps(rooms), capture_output=True, text=True, check=True)
    for (air, speed, humidity, met), effect in zip(rooms, json.loads(asked.stdout), strict=True):
        found = cooling_effect_c(air, speed, humidity, met)
        assert found == pytest.approx(effect, abs=within), (air, speed, humidity, met)
