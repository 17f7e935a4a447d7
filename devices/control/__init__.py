"""What it takes to make a room cool, a light dim, a prompt heard: service calls, dwell times, reported state."""
