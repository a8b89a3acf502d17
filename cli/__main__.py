"""`python -m mingzhang.cli` is the installed command."""

from .app import main

main()
