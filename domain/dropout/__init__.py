"""控辍保学: pupils who left school, those who help them back (三帮一), and the case until it is closed (销号)."""
