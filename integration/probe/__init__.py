"""Tries the world that a configuration names: broker, Home Assistant, entities. Switches nothing."""
