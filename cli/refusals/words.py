"""Single words that a refusal's context carries as codes: why a file is unreadable, where a case stands."""

from __future__ import annotations

from ..i18n import N_

KINDS_OF_UNIT: dict[str, str] = {
    "bureau": N_("bureau"),
    "office": N_("office"),
    "school": N_("school"),
    "department": N_("department"),
    "township": N_("township"),
    "village": N_("village"),
    "group": N_("leading group"),
    "external": N_("office outside"),
}
WORDS: dict[str, str] = {
    **KINDS_OF_UNIT,
    # why a file cannot be read
    "not_a_workbook": N_("it is no workbook, whatever its name says"),
    "damaged": N_("it is damaged"),
    "document_type": N_("it holds declarations that no workbook needs"),
    "not_permitted": N_("it may not be opened"),
    "quotation_marks": N_("its quotation marks do not match"),
    "header_missing": N_("the header is missing"),
    "column_missing": N_("the column is missing"),
    "rows_after_total": N_("there are rows after the closing total"),
    "total_missing": N_("the closing total is missing, the file seems to be cut off"),
    "cells_missing": N_("the row has too few cells"),
    "cells_too_many": N_("the row has too many cells"),
    # what is wrong with a line of an exported log
    "export_line_malformed": N_("it is not written as an export writes it"),
    "export_leaf_out_of_order": N_("events are missing before it, or out of order"),
    "export_version_out_of_order": N_("it is not the next event of its stream"),
    "export_instant_goes_back": N_("it is dated before the event before it"),
    "export_leaf_hash_differs": N_("its content is not what its hash says"),
    "export_wrong_ledger": N_("the ledger it opens is not the one the first line names"),
    "export_root_differs": N_("the checkpoint is not that of these events"),
    "export_signature_wrong": N_("the checkpoint's signature is not this log's"),
    "export_cut_off": N_("the file ends here"),
    "export_goes_on": N_("there is something after the checkpoint"),
    "events": N_("events"),
    "keys": N_("keys"),
    # where an application, a batch or a payment stands
    "none": N_("not begun"),
    "submitted": N_("submitted"),
    "returned": N_("returned"),
    "rejected": N_("rejected"),
    "approved": N_("approved"),
    "refused": N_("refused"),
    "suspended": N_("suspended"),
    "revoked": N_("revoked"),
    "prepared": N_("prepared"),
    "checked": N_("checked"),
    "released": N_("released"),
    "exported": N_("exported"),
    "cancelled": N_("cancelled"),
    "applied": N_("applied for"),
    "disbursed": N_("disbursed"),
    "subsidy_ended": N_("subsidy ended"),
    "instructed": N_("instructed"),
    "pending": N_("pending"),
    "paid": N_("paid"),
    "failed": N_("failed"),
    "reversed": N_("reversed"),
    "part_paid": N_("paid in part"),
    "stopped": N_("stopped"),
    "waived": N_("waived"),
    # the layers of the safety net
    "state-aid": N_("state aid"),
    "special-hardship": N_("relief for special hardship"),
    "society": N_("society and teachers"),
    # how a scheme is paid
    "card": N_("to the account"),
    "signed": N_("signed for on the list"),
    # kinds of period
    "year": N_("calendar year"),
    "school_year": N_("school year"),
    "school-year": N_("school year"),
    "term": N_("term"),
    "once": N_("once"),
}
# the stands of a payment that mean something else than those of an application
PAYMENT_WORDS: dict[str, str] = {"rejected": N_("sent back unprocessed")}
