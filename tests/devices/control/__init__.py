"""Devices, prompts and lamps under control."""
