"""Plans (方案, 实施细则) as data: the closed vocabulary, the plans that come with mingzhang, and their adoption."""
