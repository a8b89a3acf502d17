"""The demonstration: plan S0's year on bundled, invented input, played by the very commands a user types."""
