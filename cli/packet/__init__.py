"""The inspection season's packet: the answers of the queries at one point of both time axes, as workbooks with a cover sheet."""
