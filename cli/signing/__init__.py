"""Signing keys where they lie: files on this machine or on a stick, and the passphrase that opens them."""
