"""摸底排查: rounds, entries, and the files they come in."""
