"""The kinds of table the ledger takes in: their columns, synonyms and required cells, as closed data.

Source: WORKBOOKS.md, one section each. The order of the columns is the order in which a row is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .kinds import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """`name` as WORKBOOKS.md has it; `synonyms` mean the same, `stand_ins` only where the column itself is missing.

    `required`: the column must exist and no cell in it may be empty.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """`any_of`: of these columns at least one must exist, and be filled in every row.

    `repeats`: what may not occur twice in a file: the same `person` (identity number), the same `row`, or nothing.
    """

    name: str
    columns: tuple[Column, ...]
    any_of: tuple[str, ...] = ()
    repeats: Literal["person", "row"] | None = None


ID_SYNONYMS = ("身份证号码", "身份证", "证件号码")
ACCOUNT_SYNONYMS = ("卡号", "账号", "一卡通账号", "银行账号", "帐号", "银行卡账号")

_NAME = Column("姓名", Kind.PERSON, True, ("学生姓名",))
_STUDENT = Column("学生姓名", Kind.PERSON, True, ("姓名",))
_ID = Column("身份证号", Kind.IDENTITY, True, ID_SYNONYMS)
_XUEJI = Column("学籍号", Kind.XUEJI, False, ("全国学籍号",))
_SEX = Column("性别", Kind.SEX)
_STAGE = Column("学段", Kind.STAGE, False, ("教育阶段",))
_MAJOR, _GRADE, _CLASS = Column("专业"), Column("年级"), Column("班级")
_PHONE = Column("联系电话", Kind.PHONE, False, ("电话", "手机", "手机号", "手机号码", "联系方式"))
_REMARK = Column("备注", Kind.PROSE)

SURVEY = Layout(
    "摸底排查表",
    (
        _NAME,
        _ID,
        _XUEJI,
        _SEX,
        Column("院系", Kind.TEXT, True, ("系部", "系别"), ("学校",)),
        _MAJOR,
        _GRADE,
        _CLASS,
        _STAGE,
        Column("户籍地", Kind.PROSE, False, ("户籍所在地",), ("家庭住址",)),
        Column("家庭人口", Kind.COUNT, False, ("家庭人口数",)),
        Column("人均年收入", Kind.YUAN, False, ("家庭人均年收入", "人均纯收入")),
        Column("困难类别", Kind.CATEGORIES, True, ("贫困类别", "特殊群体类型", "资助类别")),
        Column("困难等级", Kind.LEVEL, False, ("认定等级", "档次")),
        Column("是否脱贫", Kind.LIFTED),
        Column("是否新增", Kind.YES_NO, False, ("新增",)),
        Column("监护人", Kind.PERSON, False, ("家长姓名",)),
        _PHONE,
        Column("银行卡号", Kind.ACCOUNT, False, ACCOUNT_SYNONYMS),
        Column("户名", Kind.PERSON, False, ("开户名", "账户名")),
        _REMARK,
    ),
    repeats="person",
)

STUDENT_REGISTER = Layout(
    "学籍名册",
    (
        _NAME,
        _ID,
        _XUEJI,
        _SEX,
        Column("院系", Kind.TEXT, False, ("系部", "系别"), ("学校",)),
        _MAJOR,
        _GRADE,
        _CLASS,
        _STAGE,
        Column("入学日期", Kind.DATE, True, ("入学时间",)),
    ),
    repeats="person",
)

STATUS_CHANGES = Layout(
    "学籍异动",
    (
        _NAME,
        _ID,
        Column("院系", Kind.TEXT, False, ("系部", "系别")),
        _CLASS,
        Column("异动类型", Kind.ENROLMENT_CHANGE, True, ("异动类别",)),
        Column("发生日期", Kind.DATE, True, ("异动日期",)),
        Column("登记日期", Kind.DATE),
        Column("说明", Kind.PROSE, False, ("备注",)),
    ),
    repeats="row",
)

STAFF = Layout(
    "教职工",
    (
        Column("工号"),
        _NAME,
        _ID,
        Column("部门", Kind.TEXT, False, ("院系", "系部", "单位")),
        Column("职务", Kind.TEXT, False, ("岗位",)),
        Column("工资卡号", Kind.ACCOUNT, False, ("银行卡号", *ACCOUNT_SYNONYMS)),
    ),
    repeats="person",
)

ALLOCATION = Layout(
    "任务分解表",
    (
        Column("帮扶单位", Kind.TEXT, True),
        Column("党员干部人数", Kind.COUNT, True, ("党员、干部人数",)),
        Column("分配学生数", Kind.COUNT, True, ("结对学生人数",)),
        Column("联络员", Kind.PERSON),
        _PHONE,
    ),
    repeats="row",
)

PAIRINGS = Layout(
    "登记表",
    (
        Column("帮扶单位", Kind.TEXT, True),
        Column("帮扶人", Kind.PEOPLE, True),
        Column("职务"),
        _PHONE,
        _STUDENT,
        _ID,
        Column("学校"),
        _GRADE,
        Column("户主", Kind.PERSON),
        Column("家庭住址", Kind.PROSE),
        Column("致贫原因", Kind.PROSE),
        Column("帮扶需求", Kind.LIST),
        Column("结对日期", Kind.DATE, True),
    ),
    repeats="row",
)

CONTACTS = Layout(
    "工作记录表",
    (
        Column("日期", Kind.DATE, True),
        Column("帮扶人", Kind.PEOPLE, True),
        _STUDENT,
        Column("身份证号", Kind.IDENTITY, False, ID_SYNONYMS),
        Column("结对编号"),
        Column("方式", Kind.CONTACT_WAY, True),
        Column("内容", Kind.PROSE, True),
        Column("资金", Kind.YUAN),
        Column("物资", Kind.PROSE),
        Column("物资折价", Kind.YUAN),
        Column("解决问题", Kind.PROSE),
        Column("记录人", Kind.PERSON),
        Column("记录日期", Kind.DATE),
    ),
    any_of=("身份证号", "结对编号"),
    repeats="row",
)

APPLICATIONS = Layout(
    "申请花名册",
    (
        _NAME,
        _ID,
        _SEX,
        Column("学校"),
        _STAGE,
        _GRADE,
        Column("乡镇"),
        Column("村"),
        Column("户籍地", Kind.PROSE, False, ("户籍所在地",), ("家庭住址",)),
        Column("户主", Kind.PERSON),
        Column("一卡通账号", Kind.ACCOUNT, False, ("银行卡号", *ACCOUNT_SYNONYMS)),
        Column("申请日期", Kind.DATE),
        Column("困难类别", Kind.CATEGORIES, False, ("贫困类别", "特殊群体类型", "资助类别")),
        Column("录取院校"),
        Column("录取批次"),
        Column("院校所在省"),
        Column("学费", Kind.YUAN),
        Column("住宿费", Kind.YUAN),
        Column("申请金额", Kind.YUAN),
        Column("材料", Kind.LIST),
        _PHONE,
    ),
    repeats="person",
)

CROSSCHECK_LIST = Layout(
    "比对名单",
    (
        _NAME,
        Column("身份证号", Kind.IDENTITY, False, ID_SYNONYMS),
        _XUEJI,
        Column("类别"),
        Column("保障类型"),
        Column("户主", Kind.PERSON),
        Column("与户主关系"),
        Column("乡镇"),
        Column("村"),
        Column("户编号"),
        Column("享受政策", Kind.STILL_ENTITLED),
        Column("风险状态", Kind.RISK_REMOVED),
    ),
    any_of=("身份证号", "学籍号"),
)
