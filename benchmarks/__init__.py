"""What Unclench costs, measured against a bare client: `./dev bench`. Never part of the tests."""
