"""Comparisons with published programs that are too large to depend on."""
