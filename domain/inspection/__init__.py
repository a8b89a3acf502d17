"""自查、复查、考评、迎检: inspections and what they found."""
