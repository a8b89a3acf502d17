"""Every attack there is a test for, and what `verify` says of it without and with a checkpoint that was kept elsewhere.

docs/concepts/tamper-evidence.md shows this table: `python -m tests.docs.attack_table` writes it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.attacks import on_the_database as database
from tests.attacks import on_the_file as file
from tests.attacks import past_the_program as past
from tests.attacks import with_keys as keys
from tests.attacks.on_the_file import Attack

Named = Literal["event", "from", "end", "none"]
"""What `verify` names: the very event; one from which on it lies, with where that part of the log ends; where the log ends now; none."""

CHANGED = ("event_differs", "digest_differs", "events_changed_since_checkpoint")
REWRITTEN = ("seen_root_differs", "checkpoint_differs")


@dataclass(frozen=True)
class Case:
    """`alone`: codes found with nothing but the ledger's folder; none: it passes as verified. `more`: what the checkpoint from outside
    adds. `named`: as far as it is found. `thorough`: what `--thorough` finds where nothing else does."""

    chinese: str
    english: str
    attack: Attack
    alone: tuple[str, ...]
    more: tuple[str, ...] = ()
    named: Named = "event"
    thorough: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.attack.__name__ if self.attack.__name__ != "attack" else self.english.replace(" ", "_")


def _column(chinese: str, column: str, value: str, *codes: str) -> Case:
    return Case(f"改动一列：{chinese}", f"one column changed: {column}", file.set_column(column, value), codes or CHANGED)


ON_THE_FILE = (
    _column("流名", "originator_id", "originator_id || 'x'"),
    _column("流内序号", "originator_version", "7", *CHANGED, "stream_version_wrong"),
    _column("事实种类", "topic", "'entry.withdrawn'"),
    _column("入账时间", "recorded_at", "'2020-03-16T01:00:00.000005Z'", "event_differs", "events_changed_since_checkpoint",
            "recorded_apart", "recorded_earlier"),
    _column("日志位置", "leaf_index", "leaf_index + 100000", "event_missing", "event_out_of_place"),
    Case("改动内容中的一个比特", "one bit of the stored state changed", file.one_bit, CHANGED),
    Case("改存为另一种类型，字节不变", "a value stored as another kind, byte for byte the same", database.value_of_another_kind,
         ("value_of_wrong_kind",)),
    Case("删去一个事件", "an event deleted", file.deleted, ("event_missing",)),
    Case("删去一个事件并重新编号", "an event deleted, the rest renumbered", file.deleted_and_renumbered,
         ("event_differs", "events_changed_since_checkpoint", "log_shorter_than_answered", "log_shorter_than_checkpoint",
          "log_shorter_than_tree", "saw_more_than_there_is", "transaction_incomplete")),
    Case("删去一个事件，重算摘要和整棵树", "an event deleted, digests and the whole tree recomputed", file.deleted_and_recomputed,
         ("checkpoint_differs", "log_shorter_than_answered", "log_shorter_than_checkpoint", "saw_more_than_there_is", "signature_wrong")),
    Case("删去一整次办理", "a whole transaction deleted, the rest renumbered", file.deleted_transaction,
         ("event_differs", "events_changed_since_checkpoint", "log_shorter_than_answered", "log_shorter_than_checkpoint",
          "log_shorter_than_tree", "saw_more_than_there_is")),
    Case("插入一个事件", "an event inserted, the rest renumbered", file.inserted,
         ("answered_from_another_log", "digest_differs", "event_differs", "event_without_transaction", "events_changed_since_checkpoint",
          "tile_incomplete")),
    Case("对调两个事件", "two events swapped", file.swapped, CHANGED),
    Case("对调两次办理并重算整棵树", "two signed transactions swapped, the tree recomputed", file.swapped_and_recomputed,
         (*REWRITTEN, "saw_more_than_there_is"), named="from"),
    Case("把一个事件移到末尾", "an event moved to the end", file.moved_to_the_end,
         ("event_missing", "event_without_transaction", "recorded_earlier", "tile_incomplete")),
    Case("末尾添一行", "a row appended by plain SQL", database.appended_without_a_leaf, ("event_without_transaction", "tile_incomplete")),
    Case("末尾添一行并补树", "a row appended, with its leaf in the tree", database.appended_with_a_leaf, ("event_without_transaction",)),
    Case("截去末尾", "the tail cut off", file.tail_cut,
         ("log_shorter_than_answered", "log_shorter_than_checkpoint", "log_shorter_than_tree")),
    Case("截去末尾并修剪树", "the tail cut off, the tree trimmed", file.tail_cut_with_tree,
         ("log_shorter_than_answered", "log_shorter_than_checkpoint")),
    Case("截去末尾，并清除账簿里的一切痕迹", "the tail cut off, and all traces of it in the ledger's folder removed",
         file.tail_cut_and_tracks_covered, (), ("log_shorter_than_checkpoint",)),
    Case("从一次办理中间截断", "the log cut inside a transaction, traces removed", file.tail_cut_inside, ("transaction_incomplete",),
         ("log_shorter_than_checkpoint",), "from"),
    Case("换上旧的日志备份", "an older backup of the log restored", file.older_journal,
         ("log_shorter_than_answered", "log_shorter_than_checkpoint")),
    Case("换上整个旧账簿", "an older copy of the whole folder restored", file.older_folder, (), ("log_shorter_than_checkpoint",)),
    Case("改动并重算整棵树", "an event changed, the tree recomputed", file.changed_with_tree, ("digest_differs", *REWRITTEN), named="from"),
    Case("改动并重算摘要和整棵树", "an event changed, digest and tree recomputed", file.changed_with_digest_and_tree,
         ("signature_wrong", *REWRITTEN)),
    Case("同上，并去掉签名", "the same, and the signature stripped", file.signature_stripped, ("signature_missing", *REWRITTEN)),
    Case("改动一次办理的入账时间并重算整棵树", "a transaction's time shifted, the tree recomputed", file.time_shifted, REWRITTEN,
         named="from"),
    Case("把最后一次办理的时间推后一天", "the last transaction's time shifted by a day, the tree recomputed, traces removed",
         file.last_shifted_by_a_day, (), ("checkpoint_differs",), "from"),
    Case("把最后一次办理的时间推后一月", "the same by a month", file.last_shifted_by_a_month, ("recorded_long_after",),
         ("checkpoint_differs",)),
    Case("把时间改早", "the last events dated back", file.dated_back,
         ("event_differs", "events_changed_since_checkpoint", "recorded_before_begun", "recorded_earlier")),
    Case("混入另一账簿的一次办理", "a transaction of another ledger mixed in", file.two_ledgers_mixed,
         ("digest_differs", "key_not_enrolled", "ledger_id_differs", "recorded_long_after", "stream_version_wrong")),
    Case("换上另一账簿的日志", "another ledger's log put in place", file.another_journal, ("ledger_json_differs",),
         ("checkpoint_of_other_log",), "none"),
    Case("把演练账簿改成正式账簿", "the rehearsal flag flipped in ledger.json", file.rehearsal_flipped, ("rehearsal_differs",),
         named="none"),
    Case("同上，日志里也改", "the same, in the log as well", file.rehearsal_flipped_in_the_log,
         ("checkpoint_of_other_log", "seen_root_differs", "signature_wrong")),
    Case("从索引中抹去一个事件", "an event taken out of the index (index attack)", database.taken_out_of_the_index, ("index_disagrees",)),
    Case("改动树中的一个哈希", "a hash of the tree changed", database.tile_changed, ("tile_differs",)),
    Case("改动树的上层", "a hash of the tree's upper level changed", database.upper_tile_changed, ("tile_differs",)),
    Case("删去树的一块", "a tile of the tree deleted", database.tile_deleted, ("tile_incomplete",)),
    Case("添上树的一块", "a tile added", database.tile_added, ("tile_strange",), named="none"),
    Case("删去整棵树", "the whole tree deleted", database.tree_deleted, ("tile_differs", "tile_incomplete")),
    Case("拆掉防护触发器", "a guard (trigger) removed", database.guards_removed, ("guard_missing",), named="none"),
    Case("削弱防护触发器", "a guard weakened", database.guard_weakened, ("guard_changed",), named="none"),
    Case("埋入与表同名的触发器", "the same trigger, under the name of a table", database.trigger_planted_as_a_table, ("guard_strange",),
         named="none"),
    Case("埋入触发器", "a trigger planted that swallows events", database.trigger_planted, ("guard_strange",), named="none"),
    Case("埋入触发器，冒充 SQLite 自己的", "the same under one of SQLite's own names",
         database.trigger_planted_as_one_of_sqlites, ("guard_strange",), named="none"),
    Case("在旁边放一个回滚日志", "a rollback journal planted beside the file", database.rollback_journal_planted, ("rollback_journal",),
         named="none"),
    Case("清空日志", "everything deleted", database.everything_deleted,
         ("log_empty", "log_shorter_than_answered", "log_shorter_than_checkpoint")),
    Case("覆盖数据文件的一页", "a page of the file overwritten", database.page_overwritten, ("file_damaged", "page_damaged")),
    Case("截短数据文件", "the file truncated", database.file_cut,
         ("file_truncated", "journal_unreadable", "log_empty", "log_shorter_than_answered", "log_shorter_than_checkpoint"), named="end"),
    Case("复制时漏掉 journal.db-wal", "journal.db-wal left behind in copying", database.copied_without_its_wal, ("wal_missing",),
         named="none"),
)  # fmt: skip

WITH_KEYS = (
    Case("冒名添一次办理，不签名", "a transaction appended in somebody's name, unsigned", keys.unsigned, ("signature_missing",)),
    Case("以无密钥的陌生人之名添一次办理", "the same in a stranger's name", keys.unsigned_by_a_stranger, ("authority_unknown",)),
    Case("用自造的密钥签名", "signed with a made-up key", keys.signed_with_a_made_up_key, ("key_not_enrolled",)),
    Case("写上他人的密钥号，用自造的密钥签名", "a known key named, signed with another", keys.key_named_and_not_held, ("signature_wrong",)),
    Case("用自己的密钥冒他人之名", "one's own key, somebody else's name", keys.signed_with_anothers_key, ("key_of_somebody_else",)),
    Case("自己办理，却写他人决定", "one's own transaction, its events in somebody else's name", keys.in_anothers_name, ("actor_differs",)),
    Case("有密钥、无职责：冒用他人的任命", "a key and no role: another's appointment claimed", keys.role_made_up, ("authority_unknown",)),
    Case("有密钥、无职责：不写任命", "a key and no role: no appointment named", keys.role_left_out, ("authority_missing",)),
    Case("免职后继续办理", "acting after being relieved", keys.relieved_before, ("authority_ended",)),
    Case("密钥停用后继续使用", "a key used after it was revoked", keys.key_revoked_before, ("key_revoked",)),
    Case("重放一次办理", "a transaction replayed", keys.replayed, ("transaction_repeated",)),
    Case("换名重放一次办理", "a transaction replayed under a new id", keys.replayed_under_a_new_name, ("signature_wrong",)),
    Case("替他人登记密钥", "a key enrolled for somebody else", keys.key_given_to_somebody_else,
         ("key_malformed", "recorded_without_right")),
    Case("任命自己为管理员", "appointing oneself administrator", keys.appointed_themselves, ("recorded_without_right",)),
    Case("再开立一次账簿", "the ledger opened a second time", keys.opened_again, ("opened_twice",)),
    Case("改写自己办理的旧事并重算整棵树，其后有他人签名",
         "one's own past rewritten and re-signed, the tree recomputed; others signed later", keys.own_past_rewritten, REWRITTEN,
         named="from"),
    Case("改写自己的最后一次办理，其后无人签名", "the same with the last transaction, nobody having signed later",
         keys.own_last_rewritten, (), ("checkpoint_differs",), "from"),
    Case("改写自己办理的旧事，截去其后他人的一切", "one's own past rewritten, all that others did later cut off",
         keys.own_past_rewritten_and_cut, (), ("log_shorter_than_checkpoint",), "end"),
    Case("掌握所有人的密钥，改写历史", "the past rewritten by somebody who holds everybody's keys", keys.rewritten_with_all_keys, (),
         ("checkpoint_differs",), "from"),
    Case("整个账簿连同密钥重新制作", "the whole ledger made anew, keys included", keys.made_anew, (), ("checkpoint_differs",), "from"),
    Case("涂改账簿自存的检查点", "the ledger's own checkpoint edited", keys.own_checkpoint_edited, ("checkpoint_signature_wrong",),
         named="none"),
    Case("伪造账簿自存的检查点", "the ledger's own checkpoint forged", keys.own_checkpoint_forged, ("checkpoint_not_signed",),
         named="none"),
    Case("删去账簿自存的检查点", "the ledger's own checkpoints deleted", keys.own_checkpoints_deleted, (), named="none"),
)  # fmt: skip

PAST_THE_PROGRAM = (
    Case("调查员批准资助", "a surveyor signs for an award being approved", past.award_approved_by_a_surveyor, ("recorded_without_right",)),
    Case("记入没有的事实种类", "an event of no known kind", past.of_no_known_kind, ("topic_unknown",)),
    Case("一个事件写两个决定人", "an event that names two people as the one who decided", past.decided_by_two, ("event_malformed",)),
    Case("同上，用转义字符写", "the same, written in escapes", past.decided_by_two_in_escapes, ("event_malformed",)),
    Case("流名中夹空字符", "a stream's name with a NUL in it", past.name_cut_short, ("event_unreadable",)),
    Case("办理多写一项", "a transaction that says more than transactions do", past.more_said_than_a_transaction_says,
         ("transaction_malformed",)),
    Case("办理号不含时间", "a transaction whose id tells no time", past.without_a_time_of_its_own, ("transaction_malformed",)),
    Case("免职后称免职前已开始", "acting after being relieved, as if begun before", past.begun_before_being_relieved, ("authority_ended",)),
    Case("称时钟落后而倒签", "dated back by a clock said to be behind", past.begun_long_ago_by_a_clock_behind, ("recorded_long_after",)),
    Case("登记不是密钥的密钥", "a key enrolled that is none", past.key_too_short, ("key_malformed",)),
    Case("同时持有两把密钥", "a second key beside the first", past.second_key_taken, ("key_malformed",)),
    Case("系管理员在上级单位任命", "an administrator of one unit appoints at the one above", past.beyond_their_unit,
         ("recorded_beyond_unit",)),
    Case("记入另一账簿的事实", "a fact about another ledger", past.ledger_of_another_name, ("event_malformed",)),
    Case("内容残缺的登记", "an entry that says nothing", past.entry_that_says_nothing, (), thorough=("event_malformed",)),
    Case("日期换一种写法", "a day in another form, which readers take differently", past.day_in_another_form, (),
         thorough=("event_malformed",)),
    Case("嵌套过深", "nesting that no reader follows", past.nested_too_deep, (), thorough=("event_malformed",)),
    Case("改动查询所用的表", "the tables changed that questions are answered from (no key needed)", past.answers_changed, (), named="none",
         thorough=("answers_differ",)),
    Case("在查询所用的表上埋触发器", "a trigger planted on them (no key needed)", past.answers_changed_from_now_on, (), named="none",
         thorough=("answers_differ",)),
)  # fmt: skip

CASES = (*ON_THE_FILE, *WITH_KEYS, *PAST_THE_PROGRAM)
