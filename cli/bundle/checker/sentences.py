"""Every sentence of the checker in both languages, by the code of what it tells. Chinese first: most who hold a bundle read it."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from .found import Point

Sentence = Tuple[str, str]
Words = Dict[str, Sentence]
LANGUAGES = ("zh", "en")
BETWEEN = {"zh": "、", "en": ", "}
"""What stands between the members of a list."""

PROBLEMS: dict[str, Sentence] = {
    "file_unreadable": ("文件 {file} 读不了：{reason}。", "The file {file} cannot be read: {reason}."),
    "bundle_too_large": ("文件超过 {most} MB，不予打开。", "The file is larger than {most} MB and is not opened."),
    "zip_damaged": ("这不是完好的 zip 文件（{reason}）。", "This is no sound zip file ({reason})."),
    "too_many_files": ("包内文件超过 {most} 个，不予打开。", "More than {most} files; they are not opened."),
    "name_unexpected": ("包内有不属于证明包的文件名：{name}。", "A name that no bundle has: {name}."),
    "name_twice": ("包内有两个同名文件：{name}。", "Two files of one name: {name}."),
    "zip_packed_otherwise": ("包内文件 {name} 加了密或用了别的压缩方法。", "The file {name} is encrypted or packed in another way."),
    "file_too_large": ("包内文件 {name} 太大，不予打开。", "The file {name} is too large and is not opened."),
    "manifest_missing": (
        "没有 manifest.json：这不是证明包，或没有解压完整。",
        "There is no manifest.json: this is no bundle, or it was not unpacked whole.",
    ),
    "manifest_malformed": ("清单 {name} 被改动过，或格式不对。", "The list {name} was changed, or is not in its form."),
    "format_unknown": ("这是另一种格式的证明包，请用它自己的核验程序。", "This bundle has another format; use its own checker."),
    "file_missing": ("缺少文件 {name}。", "The file {name} is missing."),
    "file_not_listed": ("文件 {name} 不在清单里。", "The file {name} is not in the list."),
    "file_changed": ("文件 {name} 与清单里的指纹不符：被改动过。", "The file {name} is not as listed: it was changed."),
    "size_differs": (
        "清单说的是第 {size} 条为止，检查点是第 {here} 条。",
        "The list speaks of log size {size}, the checkpoint of {here}.",
    ),
    "page_differs": ("说明页与记录不符：被改动过。", "The page in words is not what the records say: it was changed."),
    "checkpoint_malformed": ("检查点 {name} 的格式不对。", "The checkpoint {name} is not in its form."),
    "proof_malformed": ("证明 {name} 的格式不对。", "The proof {name} is not in its form."),
    "checkpoint_differs": ("证明 {name} 里是另一个检查点。", "The proof {name} holds another checkpoint."),
    "event_malformed": ("记录 {name} 的格式不对。", "The record {name} is not in its form."),
    "inclusion_wrong": (
        "记录 {event}（#{leaf}）不在检查点所说的日志里：被改动过，或是编造的。",
        "The record {event} (#{leaf}) is not in the log of the checkpoint: it was changed or made up.",
    ),
    "event_twice": ("记录 {event} 出现了两次。", "The record {event} comes twice."),
    "instant_order": ("记录 {event} 的时刻早于它前面的记录。", "The record {event} bears an instant before that of an earlier one."),
    "opening_missing": (
        "没有账本的开立记录，不知道是哪本账。",
        "The ledger's opening is missing; nobody can say which ledger this is.",
    ),
    "origin_other": ("检查点属于 {origin}，记录属于账本 {ledger}。", "The checkpoint is of {origin}, the records are of ledger {ledger}."),
    "log_key_missing": ("日志里没有登记签检查点的密钥。", "The log names no key for its checkpoints."),
    "vkey_malformed": ("--key 给的公钥格式不对。", "The key given with --key is not in its form."),
    "key_other": (
        "账本的密钥不是您所知道的那一把：日志里登记的是 {named}。",
        "The ledger's key is not the one you know: the log names {named}.",
    ),
    "checkpoint_unsigned": ("检查点上没有账本密钥的签名。", "The checkpoint does not bear the signature of the ledger's key."),
    "checkpoint_signature_wrong": ("检查点上的签名不是密钥 {vkey} 签的。", "The signature on the checkpoint is not that of {vkey}."),
    "digest_wrong": (
        "办理 {transaction} 的成员与经办人签的摘要不符。",
        "The members of {transaction} are not those whose digest was signed.",
    ),
    "transactions_overlap": ("办理 {transaction} 与前一次重叠。", "The transaction {transaction} begins inside another one."),
    "transaction_missing": (
        "记录 {event} 不属于包里的任何一次办理。",
        "The record {event} belongs to no transaction of the bundle.",
    ),
    "actor_differs": (
        "记录 {event} 的经办人或时刻与所属办理 {transaction} 不同。",
        "The record {event} names another person or instant than its transaction {transaction}.",
    ),
    "unsigned": ("办理 {transaction}（{actor}）没有签名。", "The transaction {transaction} ({actor}) is not signed."),
    "signature_wrong": (
        "办理 {transaction} 上的签名不是 {actor} 的密钥 {key} 签的。",
        "The signature on {transaction} is not that of {actor}'s key {key}.",
    ),
    "key_malformed": ("{actor} 的密钥 {key} 登记有误。", "{actor}'s key {key} is not rightly recorded."),
    "key_revoked_before": (
        "办理 {transaction} 用的是 {actor} 已经作废的密钥 {key}。",
        "The transaction {transaction} was signed with {actor}'s key {key} after it was revoked.",
    ),
    "key_not_enrolled": (
        "办理 {transaction}：包里没有 {actor} 的密钥 {key} 的登记记录。",
        "The transaction {transaction}: the bundle has no record that gave {actor} the key {key}.",
    ),
    "authority_missing": (
        "记录 {event}：没有 {actor} 任 {role} 的任命记录。",
        "The record {event}: no record appoints {actor} as {role}.",
    ),
    "payment_missing": ("没有付款 {payment} 的记录。", "There is no record of the payment {payment}."),
    "payment_not_from_its_start": ("付款 {payment} 的记录不是从头连续的。", "The records of {payment} are not all there from its start."),
    "reference_missing": (
        "记录 {event} 所依据的 {expected} 不在包里。",
        "The record {event} rests on {expected}, which is not in the bundle.",
    ),
    "link_missing": ("记录 {event} 缺少一环：{link}。", "The record {event} lacks a link: {link}."),
    "plan_unreadable": ("记录 {event} 所依据的方案读不懂。", "The plan behind {event} cannot be read."),
    "event_unrelated": ("记录 {event} 与这笔款无关，不该在包里。", "The record {event} has nothing to do with this payment."),
    "disclosed_malformed": ("披露文件 {name} 的格式不对。", "The file {name} of disclosed fields is not in its form."),
    "field_wrong": (
        "披露的“{field}”不是记录 {event} 里封存的内容。",
        "What is disclosed as “{field}” is not what the record {event} has sealed.",
    ),
    "evidence_wrong": ("附件 {name} 不是记录里登记的文件。", "The attachment {name} is not the file the records name."),
    "seen_other_log": (
        "办理 {transaction}：经办人签字时看到的日志（{size} 条）不是这本日志的开头。",
        "The transaction {transaction}: the log its actor saw (size {size}) is not the beginning of this one.",
    ),
    "seen_not_shown": (
        "办理 {transaction}：没有附上经办人签字时看到的日志（{size} 条）的一致性证明。",
        "The transaction {transaction}: the proof that the log its actor saw (size {size}) begins this one is missing.",
    ),
    "own_checkpoint_other_log": ("您的检查点属于 {origin}，这里是 {here}。", "Your checkpoint is of {origin}, this is {here}."),
    "own_checkpoint_signature_wrong": (
        "您的检查点（{size} 条）上没有这本账密钥的有效签名。",
        "Your checkpoint (size {size}) does not bear a good signature of this ledger's key.",
    ),
    "own_checkpoint_differs": (
        "您的检查点（{size} 条）不是这本日志的开头：历史被改写过，或不是同一本账。",
        "Your checkpoint (size {size}) is not the beginning of this log: the past was rewritten, or it is another ledger.",
    ),
    "unexpected": ("核验中断：{reason}。包的内容不合常规。", "The check broke off: {reason}. The bundle holds something unusual."),
}

OPEN: dict[str, Sentence] = {
    "checkpoint_signature_unchecked": (
        "检查点的签名：这台机器上既没有 Python 的 cryptography，也没有可用的 openssl（3.0 以上）。",
        "The checkpoint's signature: this machine has neither Python's cryptography nor a usable openssl (3.0 or later).",
    ),
    "signatures_unchecked": (
        "{count} 次办理的签名：这台机器上既没有 Python 的 cryptography，也没有可用的 openssl（3.0 以上）。",
        "The signatures of {count} transactions: this machine has neither Python's cryptography nor a usable openssl (3.0 or later).",
    ),
    "steps_unchecked": (
        "方案规定的步骤是否都走完：读方案要用 Python 3.11 以上。",
        "Whether every step of the plan was taken: reading the plan needs Python 3.11 or later.",
    ),
    "own_checkpoint_later": (
        "您的检查点（{size} 条）比这个包（{here} 条）新；请对方按您的检查点另出一份。",
        "Your checkpoint (size {size}) is later than this bundle (size {here}); ask for a bundle made at or after yours.",
    ),
    "own_checkpoint_no_proof": (
        "包里没有从您的检查点（{size} 条）到 {here} 条的一致性证明；请对方用 --against 附上。",
        "The bundle holds no proof from your checkpoint (size {size}) to {here}; ask for one made with --against.",
    ),
}

PROVED: dict[str, Sentence] = {
    "files_as_listed": ("{count} 个文件与清单一致。", "{count} files are as listed."),
    "checkpoint_signed_by_known": (
        "检查点（{size} 条）由您所知道的账本密钥签名：{vkey}",
        "The checkpoint (log size {size}) is signed with the ledger's key that you know: {vkey}",
    ),
    "checkpoint_signed": (
        "检查点（{size} 条）由日志自己登记的账本密钥签名：{vkey}",
        "The checkpoint (log size {size}) is signed with the ledger's key, as the log itself names it: {vkey}",
    ),
    "included": (
        "{count} 条记录都在这 {size} 条之内，一个字节也没有变。",
        "{count} records are among these {size}, with not one byte changed.",
    ),
    "transactions_signed": (
        "{count} 次办理由经办人用自己的密钥签名（{people}）；其中 {whole} 次的全部记录都在包里，签名覆盖每一条。",
        "{count} transactions are signed by those who made them ({people}); of {whole} all records are here, each covered by it.",
    ),
    "authority_held": (
        "经办人各有任命记录（{count} 项）。",
        "Everybody who decided has a recorded appointment ({count} of them).",
    ),
    "seen_log_same": (
        "{count} 次办理的经办人签字时看到的日志，正是这本日志的开头。",
        "The log that the actors of {count} transactions saw when they signed is the beginning of this one.",
    ),
    "vouched": (
        "来龙去脉里的记录有人签名担保：{direct} 条由经办人自己的签名直接覆盖，另 {later} 条由后来签名的人担保"
        "（最后一位是 {by}，签名时看过前 {size} 条）。",
        "The trail's records are vouched for by signatures: {direct} directly by those who made them, {later} more by those who signed "
        "later (the last is {by}, who had seen the first {size} records).",
    ),
    "trail_complete": (
        "这笔款的来龙去脉完整：{count} 条记录，环环相扣，没有缺口。",
        "The payment's trail is complete: {count} records, each resting on the next, no link missing.",
    ),
    "fields_hold": (
        "披露的 {count} 项个人信息（{fields}）与日志里封存的一致。",
        "{count} disclosed fields ({fields}) are what the log has sealed.",
    ),
    "evidence_holds": ("{count} 个附件正是记录里登记的文件。", "{count} attachments are the files the records name."),
    "own_checkpoint_agrees": (
        "您自己的检查点（{size} 条）正是这本日志的开头。",
        "Your own checkpoint (size {size}) is the beginning of this log.",
    ),
    "page_same": ("说明页与记录一致。", "The page in words says what the records say."),
}


def sentence(table: dict[str, Sentence], point: Point, language: str, words: Words) -> str:
    """The sentence of a point, with its values made safe to print."""
    said = {name: printable(value, between=BETWEEN[language]) for name, value in point.context.items()}
    if "link" in said:
        said["link"] = word("gap " + said["link"], said["link"], words, language)
    return table[point.code][LANGUAGES.index(language)].format(**said)


def word(key: str, otherwise: str, words: Words, language: str) -> str:
    """What the program's own table says under this key."""
    return words[key][LANGUAGES.index(language)] if key in words else otherwise


def printable(value: Any, longest: int = 300, between: str = "、") -> str:
    """The value as one line that does nothing to a terminal: control and direction characters are shown as question marks."""
    if isinstance(value, (list, tuple)):
        return between.join(printable(one, 60) for one in value[:12]) + ("…" if len(value) > 12 else "")
    text = "".join(sign if sign.isprintable() else "?" for sign in str(value)[: longest + 1])
    return text if len(text) <= longest else text[:longest] + "…"
