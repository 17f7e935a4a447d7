"""Every edge: MQTT, Home Assistant, the store, the clock, the command line."""

import os

# numpy reads these once, when it is imported: its matrices are 8 by 8 here, and threads of their own would only cost.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
