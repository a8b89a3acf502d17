"""The sheets of 辍学台账 and 学校结对: their columns, synonyms and required cells (WORKBOOKS.md, "指标与进度")."""

from __future__ import annotations

from .kinds import Kind
from .layouts import ID_SYNONYMS, Column, Layout

_CASE = Column("台账编号", Kind.TEXT, True, ("案号", "个案编号"))
_COUNTY = Column("县市区", Kind.TEXT, True, ("县区", "区县", "县"))
_STAGE = Column("学段", Kind.STAGE, True, ("教育阶段",))
_PAIR = Column("结对编号", Kind.TEXT, True)

DROPOUT_CASES = Layout(
    "台账",
    (
        _CASE,
        Column("姓名", Kind.PERSON, True, ("学生", "学生姓名")),
        Column("身份证号", Kind.IDENTITY, True, ID_SYNONYMS),
        _COUNTY,
        Column("学校", Kind.TEXT, False, ("原就读学校", "就读学校")),
        _STAGE,
        Column("辍学日期", Kind.DATE, True, ("辍学时间",)),
        Column("辍学原因", Kind.PROSE, False, ("原因",)),
        Column("帮扶教师", Kind.PERSON, False, ("教师",)),
        Column("村干部", Kind.PERSON),
        Column("监护人", Kind.PERSON, False, ("家长",)),
        Column("返校日期", Kind.DATE, False, ("返校时间",)),
        Column("销号日期", Kind.DATE, False, ("销号时间",)),
    ),
    repeats="person",
)

# A visit that is written down twice is a visit: it is told as a repetition and refuses nothing.
DROPOUT_VISITS = Layout(
    "劝返走访",
    (
        _CASE,
        Column("走访日期", Kind.DATE, True, ("走访时间",)),
        Column("走访情况", Kind.PROSE, False, ("备注",)),
    ),
)

PUPIL_COUNTS = Layout("在校生数", (_COUNTY, _STAGE, Column("在校生数", Kind.COUNT, True, ("年初在校生数",))), repeats="row")

SCHOOL_PAIRS = Layout(
    "结对",
    (
        _PAIR,
        Column("城区学校", Kind.TEXT, True, ("城镇学校",)),
        Column("农村学校", Kind.TEXT, True, ("乡村学校",)),
        Column("结对日期", Kind.DATE, True, ("结对时间",)),
    ),
    repeats="row",
)

JOINT_RESEARCH = Layout(
    "联合教研",
    (
        _PAIR,
        Column("城区学校", Kind.TEXT, False, ("城镇学校",)),
        Column("农村学校", Kind.TEXT, False, ("乡村学校",)),
        Column("日期", Kind.DATE, True, ("教研日期",)),
        Column("主题", Kind.PROSE, True),
        Column("参加人数", Kind.COUNT),
    ),
    repeats="row",
)

STAFF_EXCHANGES = Layout(
    "互派挂职",
    (
        _PAIR,
        Column("年度", Kind.COUNT),
        Column("派出学校", Kind.TEXT, True),
        Column("接收学校", Kind.TEXT, True),
        Column("姓名", Kind.PERSON, False, ("教师姓名",)),
        Column("职务", Kind.TEXT, False, ("岗位",)),
        Column("起始日期", Kind.DATE, True, ("挂职日期", "开始日期")),
    ),
    repeats="row",
)
