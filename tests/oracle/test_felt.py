"""The felt temperature agrees with pythermalcomfort, which is too large to depend on (190 MB)."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from rules.felt import apparent_temperature_c

GRID = [(t, rh, v) for t in (16, 18, 20, 22, 24, 26, 28, 30, 34) for rh in (20, 40, 60, 80) for v in (0.0, 0.1, 0.5)]
ASK = """
import json, sys
from pythermalcomfort.models import at
print(json.dumps([float(at(tdb=t, rh=rh, v=v).at) for t, rh, v in json.load(sys.stdin)]))
"""


@pytest.mark.oracle
@pytest.mark.timeout(120)
def test_the_felt_temperature_is_that_of_the_oracle() -> None:
    """Within 0.2 °C: the oracle rounds to 0.1 °C and takes another curve for the vapour pressure."""
    python = os.environ.get("UNCLENCH_ORACLE_PYTHON")
    if not python:
        pytest.skip("UNCLENCH_ORACLE_PYTHON is not set, see .ci/install-oracle")
    asked = subprocess.run([python, "-c", ASK], input=json.dumps(GRID), capture_output=True, text=True, check=True)
    for (t, rh, v), felt in zip(GRID, json.loads(asked.stdout), strict=True):
        assert apparent_temperature_c(t, rh, v) == pytest.approx(felt, abs=0.2), (t, rh, v)
