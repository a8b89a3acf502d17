"""The rehearsal that ships with the package: bundled input and a bank that answers."""
