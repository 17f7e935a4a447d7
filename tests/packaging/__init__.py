"""What reaches a stranger: the wheel, the image definition, the compose file, the front door."""
