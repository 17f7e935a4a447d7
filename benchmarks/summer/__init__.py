"""Simulated bedrooms over real summers, driven through `unclench replay - --lockstep` as a stranger would drive it."""
