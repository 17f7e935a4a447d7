"""Tests against a real Home Assistant, both versions."""
