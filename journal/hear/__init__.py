"""How a spoken sentence is taken apart: words, numbers, fragments, times, symptoms. Pure."""
