"""The embedded demo home: everything that a newcomer has not installed yet."""
