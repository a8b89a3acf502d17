"""Checkpoints leave the building: made, saved in the ledger's folder, put beside exports and into packets, shown as a QR code."""
