"""Recorded evenings, reviewed as a diff of their actions."""
