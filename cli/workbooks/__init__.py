"""Reading what offices send: workbooks and text files made by hand, cleaned and judged row by row."""
