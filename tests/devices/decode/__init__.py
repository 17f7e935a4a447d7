"""Tests of the decoders: one table per dialect, one table of bad input for all, and invariants."""
