"""The proof bundle of one payment: its events with their proofs, the keys, what is disclosed, a page in words, and the checker."""
