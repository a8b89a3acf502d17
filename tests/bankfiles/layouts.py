"""A third bank, as an office describes it: tab-separated UTF-8, yuan, its control line on top, other words for everything."""

LOCAL_BANK = """
code = "local-bank"
title = "本地银行（制表符分隔）"
encoding = "utf-8"
separator = "\\t"
line_ending = "lf"
amounts = "yuan"
dates = ["YYYY/MM/DD"]
unit_code = "KH0007"

[states]
paid = ["交易成功", "已入账"]
failed = ["交易失败"]
pending = ["已受理"]

[order]
columns = [
  { name = "明细号", holds = "number" },
  { name = "收款户名", holds = "name" },
  { name = "收款账号", holds = "account" },
  { name = "币种", holds = "text", text = "CNY" },
  { name = "发生额", holds = "amount" },
  { name = "用途", holds = "purpose" },
]

[order.control]
at = "top"
names = ["客户号", "日期", "笔数", "金额"]
names_written = true
cells = ["{unit}", "{date}", "{count}", "{amount}"]

[answer]
columns = [
  { name = "明细号", holds = "number", also = ["序号"] },
  { name = "收款账号", holds = "account" },
  { name = "收款户名", holds = "name" },
  { name = "申请金额", holds = "asked" },
  { name = "处理结果", holds = "state" },
  { name = "失败说明", holds = "reason" },
  { name = "入账日", holds = "processed_on" },
]

[answer.control]
at = "top"
names = ["客户号", "日期", "笔数", "金额"]
names_written = true
cells = ["{unit}", "{date}", "{count}", "{amount}"]

[returned]
columns = [
  { name = "原明细号", holds = "number" },
  { name = "收款账号", holds = "account" },
  { name = "收款户名", holds = "name" },
  { name = "金额", holds = "amount" },
  { name = "退回日", holds = "returned_on" },
]

[returned.control]
at = "top"
cells = ["{unit}", "{date}", "{count}", "{amount}"]
"""
