"""Real peers for the tests: a mosquitto and a headless Home Assistant of our own."""
