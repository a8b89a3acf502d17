"""结对帮扶: pairings of helpers with students and their households, and the contacts they keep."""
