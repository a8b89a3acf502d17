"""The three tables of 学业帮扶: who failed what after the resit, who helps whom in which course, and what was done.

Source: WORKBOOKS.md, "学业帮扶". Who is meant is said by 学号 or 身份证号; without either the name must do.
"""

from __future__ import annotations

from .kinds import Kind
from .layouts import ID_SYNONYMS, Column, Layout

_NUMBER = Column("学号", Kind.TEXT, False, ("学生学号",))
_COURSE = Column("课程", Kind.TEXT, True, ("课程名称", "挂科课程", "帮扶课程"))
_STUDENT = Column("学生", Kind.PERSON, True, ("姓名", "学生姓名", "帮扶对象"))

FAILED_COURSES = Layout(
    "挂科名单",
    (
        _NUMBER,
        Column("姓名", Kind.PERSON, True, ("学生姓名", "学生")),
        Column("身份证号", Kind.IDENTITY, False, ID_SYNONYMS),
        _COURSE,
        Column("补考成绩", Kind.TEXT, True, ("成绩",)),
        Column("学期", Kind.TEXT, True),
    ),
    any_of=("学号", "身份证号"),
    repeats="row",
)

ARRANGEMENTS = Layout(
    "安排表",
    (
        _NUMBER,
        _STUDENT,
        _COURSE,
        Column("帮扶教师", Kind.PERSON, True, ("教师", "辅导教师", "指导教师")),
        Column("朋辈", Kind.PERSON, False, ("朋辈帮扶人", "帮扶同学")),
    ),
    repeats="row",
)

TUTORING_RECORDS = Layout(
    "帮扶记录",
    (
        Column("日期", Kind.DATE, True),
        Column("帮扶人", Kind.PEOPLE, True, ("帮扶教师",)),
        _NUMBER,
        _STUDENT,
        _COURSE,
        Column("内容", Kind.PROSE, True),
        Column("时长", Kind.COUNT, False, ("时间",)),
        Column("记录日期", Kind.DATE),
    ),
    repeats="row",
)
