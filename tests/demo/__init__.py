"""The demo: its bedroom, its broker, its evening."""
