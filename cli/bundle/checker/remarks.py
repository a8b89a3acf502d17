"""What a bundle cannot say is said as plainly as what it proves: whoever reads only the good half has been misled."""

from __future__ import annotations

from .found import Findings
from .sentences import LANGUAGES, Sentence

REMARKS: dict[str, Sentence] = {
    "rehearsal": (
        "这是演练账本：里面的人和钱都是练习用的。",
        "This is a rehearsal ledger: its people and its money are for practice.",
    ),
    "key_unknown": (
        "账本密钥只有这个包自己的说法。请与您从别处得知的公钥核对（--key），例如办公室公布的：{vkey}",
        "For the ledger's key you have only this bundle's word. Compare it with the one you know from elsewhere (--key): {vkey}",
    ),
    "cosignatures_unchecked": (
        "检查点上还有见证人的签名（{names}），这里没有核对。",
        "The checkpoint also bears cosignatures ({names}), which are not checked here.",
    ),
    "members_left_out": (
        "有 {count} 次办理还包含与这笔款无关的记录，没有放进包里：经办人的签名覆盖整次办理，"
        "包里的记录属于它，由日志中的位置和后来签名的人证明。",
        "{count} transactions also hold records that are not this payment's and are left out: the signature covers the whole of it; that a "
        "record here belongs to it is shown by its place in the log, and by those who signed later.",
    ),
    "not_vouched": (
        "来龙去脉里有 {count} 条记录之后还没有人签过名：它们属于签了名的那次办理，只由日志中的位置证明。"
        "过些时候再出一份，就有后来的签名担保。",
        "Nobody has signed since {count} of the trail's records were made: that they belong to their signed transaction is shown by their "
        "place in the log alone. A bundle made later will have later signatures vouch for them.",
    ),
    "unsigned_allowed": (
        "{count} 次办理没有签名：当时账本还没有开始签名，或演练账本里的这个人没有密钥。",
        "{count} transactions are not signed: the ledger did not sign yet, or a rehearsal's member of staff had no key.",
    ),
    "clock_attested": (
        "{count} 次办理时电脑的时钟比上一条记录还早，由管理员证明后按上一条的时刻记下。",
        "In {count} transactions the computer's clock was behind the last record; an administrator had attested that, and they bear its "
        "instant.",
    ),
    "keys_from_office": (
        "这些人签名用的密钥由办公室代为生成，生成的人可能留有副本：{people}。",
        "The keys these people signed with were made by an office, which could have kept a copy: {people}.",
    ),
    "others_left_out": (
        "公示等记录还提到别人的 {count} 条记录，它们与这笔款无关，没有放进包里。",
        "A public notice and the like name {count} records of other people; they are no part of this payment and are left out.",
    ),
    "fund_left_out": (
        "资金的收支还依据别的批次的 {count} 条记录，没有放进包里。",
        "The fund's movements also rest on {count} records of other batches; they are left out.",
    ),
    "off_trail_left_out": (
        "任命、密钥登记等记录所依据的 {count} 条记录不在这笔款的来龙去脉之内，没有放进包里。",
        "Appointments and keys rest on {count} further records that are no part of this payment's trail; they are left out.",
    ),
    "folder_holds_more": (
        "文件夹里还有不属于这个包的文件，没有读：{names}。",
        "The folder also holds files that are none of the bundle's; they were not read: {names}.",
    ),
    "checker_other": (
        "包里附的 check.py 不是正在运行的这一个；说明页没有比对，请以这里打印的为准。",
        "The check.py in the bundle is not the one that runs; the page in words was not compared: go by what is printed here.",
    ),
}

NOT_PROVED: dict[str, Sentence] = {
    "others": (
        "包外没有别的记录：到第 {size} 条为止，这笔款还有没有别的记录、有没有哪把密钥或哪项任命已经作废，包里说不了；后来的事更说不了。",
        "That there is nothing else: whether, up to log size {size}, the log holds more about this payment, or revokes a key or an "
        "appointment used here, a bundle cannot say; nor what came later.",
    ),
    "one_log": (
        "账本给所有人看的是同一本日志：只有您自己早先留下的检查点（--checkpoint）或见证人才能证明。",
        "That everybody is shown the same log: only a checkpoint you kept yourself (--checkpoint), or a witness, can show that.",
    ),
    "world": (
        "记录的事确实发生过、时刻没有记错：证明的是谁在什么时候这样记下，此后没有人改动。",
        "That what is recorded did happen, and at that instant: proved is who recorded it so, and that nobody has changed it since.",
    ),
    "sealed": (
        "没有披露的个人信息：它们仍然封存着，从这个包里得不到。",
        "Anything of the personal data that is not disclosed: it stays sealed, and cannot be had from this bundle.",
    ),
}


def not_proved(findings: Findings, size: int, language: str) -> list[str]:
    """What has to be said under every bundle; a checkpoint of one's own that agreed takes one point away."""
    agreed = any(point.code == "own_checkpoint_agrees" for point in findings.proved)
    told = [said for code, said in NOT_PROVED.items() if not (agreed and code == "one_log")]
    return [said[LANGUAGES.index(language)].format(size=size) for said in told]
