"""Verification at the command line: what lies beside a log, what an inspector brings, and what was found, in words."""
