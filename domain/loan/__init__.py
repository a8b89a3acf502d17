"""生源地信用助学贷款: lent by a bank for fees and board, the interest paid by the state while one studies."""
