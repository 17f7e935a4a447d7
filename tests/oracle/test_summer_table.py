"""The simulator's own table of what moving air does is pythermalcomfort's, cell by cell."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from benchmarks.summer.cooling_effect import COLDEST_C, SLOWEST_M_S, SPEED_STEP_M_S, TABLE_K, cooling_effect_k

CELLS = [
    (float(COLDEST_C + row), round(SLOWEST_M_S + column * SPEED_STEP_M_S, 1))
    for row in range(len(TABLE_K))
    for column in range(len(TABLE_K[0]))
]
BETWEEN = [(18.5 + row, 0.15 + column / 10) for row in range(16) for column in range(1, 7)]
ASK = """
import json, sys
from pythermalcomfort.models import cooling_effect
air, speed = map(list, zip(*json.load(sys.stdin)))
same = [1] * len(air)
found = cooling_effect(tdb=air, tr=air, vr=speed, rh=[50] * len(air), met=same, clo=[0.5] * len(air))
print(json.dumps([float(each) for each in found.ce]))
"""


@pytest.mark.oracle
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("asked", "within"), [(CELLS, 0.011), (BETWEEN, 0.08)], ids=["cells", "between"])
def test_the_table_is_that_of_the_oracle(asked: list[tuple[float, float]], within: float) -> None:
    """Cells within their last digit; a straight line between four of them within 0.08 K."""
    python = os.environ.get("UNCLENCH_ORACLE_PYTHON")
    if not python:
        pytest.skip("UNCLENCH_ORACLE_PYTHON is not set, see .ci/install-oracle")
    answer = subprocess.run([python, "-c", ASK], input=json.dumps(asked), capture_output=True, text=True, check=True)
    for (air, speed), effect in zip(asked, json.loads(answer.stdout), strict=True):
        assert cooling_effect_k(air, speed) == pytest.approx(effect, abs=within), (air, speed)
