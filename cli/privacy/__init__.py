"""What of a person lies beside the events and the keys: files in the ledger's folder, and what is done about them."""
