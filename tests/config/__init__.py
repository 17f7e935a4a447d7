"""Tests of the room that reads what people write."""
