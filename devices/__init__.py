"""The two ends of a device: decoding what it sends, controlling what it does. No I/O, no clock."""
