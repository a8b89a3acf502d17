"""Files become commands: rows are cleaned, persons found or made in the vault, boxes sealed, and everything recorded at one go."""
