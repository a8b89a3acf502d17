"""What an inspector takes along: the draw as it is repeated from the log, and the dossiers of whom it drew."""
