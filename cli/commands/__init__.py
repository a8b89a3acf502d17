"""One module per noun of the command line; each is imported when it is used."""
