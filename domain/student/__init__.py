"""Students (学生档案, 一生一案): who they are, where they are enrolled, what they are recognised as."""
