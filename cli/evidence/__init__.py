"""Documents that stand behind facts: taken in, kept sealed beside the journal, opened, checked and erased.

For other parts: `store.stored_path`, `opening.open_document`, `checking.EvidenceCheck`. What an erasure takes away, `..privacy` does.
"""
