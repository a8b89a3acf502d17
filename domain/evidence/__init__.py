"""佐证材料: photos, stamped forms and scans, kept sealed beside the journal and named by the SHA-256 of their bytes."""
