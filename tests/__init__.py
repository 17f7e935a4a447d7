"""The tests mirror the rooms; `tests.peers` holds the real things they talk to."""
