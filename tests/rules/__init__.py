"""The engine and its parts, without a clock, a network or a file."""
