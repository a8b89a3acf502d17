"""比对: lists of other offices (民政, 残联, 扶贫), and what a comparison with them says about each student."""
