"""The columns of 指标 (targets) and 进度 (figures reported), as WORKBOOKS.md has them under "指标与进度"."""

from __future__ import annotations

from .kinds import Kind
from .layouts import Column, Layout

TARGETS = Layout(
    "指标",
    (
        Column("行动", Kind.PROSE, True, ("行动名称", "工作任务")),
        Column("指标", Kind.TEXT, True, ("指标名称",)),
        Column("单位", Kind.TEXT, True, ("计量单位",)),
        Column("目标值", Kind.FIGURE, True, ("目标",)),
        Column("方向", Kind.DIRECTION, True),
        Column("完成期限", Kind.DATE, True, ("完成时限", "期限")),
        Column("责任单位", Kind.TEXT, True, ("责任科室", "牵头单位")),
    ),
)

PROGRESS = Layout(
    "进度",
    (
        Column("指标", Kind.TEXT, True, ("指标名称",)),
        Column("日期", Kind.DATE, True, ("截至日期", "数据日期")),
        Column("完成值", Kind.FIGURE, True, ("完成情况", "完成数")),
        Column("填报单位", Kind.TEXT, True),
        Column("佐证", Kind.PROSE, False, ("佐证材料",)),
        Column("报送日期", Kind.DATE, True, ("上报日期",)),
    ),
)
