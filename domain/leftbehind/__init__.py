"""留守儿童: children whose parents work away, with a file, a contact card and the care they are given."""
