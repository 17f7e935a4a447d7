"""Every edge: MQTT, Home Assistant, the store, the clock, the command line."""
