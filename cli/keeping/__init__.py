"""Keeping a ledger: copies of it elsewhere, and what a disk, a network share or a lost file can do to it, called by its name."""
