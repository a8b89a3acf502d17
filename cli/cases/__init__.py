"""Many cases at one go: which ones are meant, what became of each, and whose they are, with names masked."""
