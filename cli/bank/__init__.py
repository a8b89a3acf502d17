"""Between the ledger and the bank: accounts out of their boxes, files out, answers in."""
