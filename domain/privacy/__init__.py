"""Personal data come to an end: erased, restricted, held, and kept as long as the law says."""
