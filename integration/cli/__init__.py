"""The command line. `verbs` lists the commands; each lives in a module of its own name."""

from integration.cli.app import main

__all__ = ["main"]
