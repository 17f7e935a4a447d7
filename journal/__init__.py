"""Symptoms and self-reports. Pure: time comes in with the entry."""
