"""Money: funds (资金), batches (发放批次) and payments (发放), in whole fen."""
