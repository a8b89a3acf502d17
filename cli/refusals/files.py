"""What the refusals of this concept say: files, their rows and the values in them (WORKBOOKS.md)."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "file_not_found": (
        N_("There is no file {file}."),
        N_("Check the name and the folder."),
    ),
    "file_not_permitted": (
        N_("The file {file} may not be opened or written."),
        N_("Close it in other programs, and check who may use the folder."),
    ),
    "file_not_usable": (
        N_("The file {file} cannot be used: {reason}."),
        N_("Check the name, the folder and the space left on the disk."),
    ),
    "answer_not_written": (
        N_("The answer could not be written: {reason}."),
        N_("Make room where it goes, then ask again; `mingzhang status` shows what is recorded."),
    ),
    "file_exists": (
        N_("The file {file} exists already."),
        N_("Choose another name, or move the old file away."),
    ),
    "file_empty": (
        N_("The file {file} is empty or holds no rows."),
        N_("Check that it is the right file; the rows of a workbook stand in its first sheets."),
    ),
    "file_already_imported": (
        N_("The very same file was imported before, as {first_file} ({first}); nothing was recorded again."),
        N_("Import a file with new rows; to change recorded rows use a correction."),
    ),
    "header_not_found": (
        N_("No row of {file} names the columns of {layout}."),
        N_("Name the columns in one header row; these are needed: {needed}."),
    ),
    "column_missing": (
        N_("These columns are missing in {file}: {columns}."),
        N_("Add them with their names in the header row, then import again."),
    ),
    "column_repeated": (
        N_("These columns stand more than once in {file}: {columns}."),
        N_("Keep one of each."),
    ),
    "row_repeated": (
        N_("This person stands in this file already, in row {first_row}."),
        N_("Keep one of the two rows."),
    ),
    "number_missing": (
        N_("A number is needed here ({kind}), and there is none."),
        N_("Give the number in full."),
    ),
    "number_cell_lost_digits": (
        N_("The number is stored as a number cell, and a spreadsheet has already lost its last digits."),
        N_("Format the column as text, type the number again from the document, and import again."),
    ),
    "id_malformed": (
        N_("This is no identity number: 18 characters are expected, or 15 of an old one."),
        N_("Compare with the identity card and write it in full."),
    ),
    "id_check_digit": (
        N_("The last character does not agree with the other digits: the identity number was mistyped."),
        N_("Compare with the identity card, digit by digit."),
    ),
    "id_birth_date": (
        N_("The identity number holds no possible birth date."),
        N_("Compare digits 7 to 14 with the identity card."),
    ),
    "xueji_malformed": (
        N_("This is no student registration number: G and the identity number, or J or L and 18 characters are expected."),
        N_("Copy it from the registration system; leave the cell empty if it is not known."),
    ),
    "account_malformed": (
        N_("This is no account number: only digits are expected."),
        N_("Copy it from the card or passbook, as text."),
    ),
    "card_luhn": (
        N_("The card number does not pass its check digit; a passbook account need not."),
        N_("Compare it with the card; the row is recorded all the same."),
    ),
    "account_name_differs": (
        N_("The account is in another name than the student's."),
        N_("Make sure that this is meant, a guardian's account for example."),
    ),
    "category_unknown": (
        N_("This is no known category of hardship."),
        N_("Use one of these terms: {terms}."),
    ),
    "category_missing": (
        N_("No category of hardship is given."),
        N_("Give at least one of the known terms."),
    ),
    "value_unknown": (
        N_("This value is not among those the column allows."),
        N_("Write it as the accepted rows of this column do."),
    ),
    "not_a_whole_number": (
        N_("A whole number is expected."),
        N_("Write it in digits, without unit."),
    ),
    "not_above_zero": (
        N_("The number must be above zero."),
        N_("Correct the number."),
    ),
    "amount_not_a_number": (
        N_("This is no amount of money."),
        N_("Write it in digits with at most two decimals, such as 2000.00."),
    ),
    "amount_negative": (
        N_("An amount below zero is not accepted."),
        N_("Write the amount without a minus sign; what is taken back has a command of its own."),
    ),
    "amount_decimals": (
        N_("An amount has two decimals at most."),
        N_("Write yuan and fen only."),
    ),
    "amount_too_large": (
        N_("The amount is too large to be true."),
        N_("Check whether digits were added or two cells run together."),
    ),
    "date_not_understood": (
        N_("This is no date that can be read."),
        N_("Write it like 2020-03-15 or 2020年3月15日."),
    ),
    "date_impossible": (
        N_("There is no such day in the calendar."),
        N_("Correct the day or the month."),
    ),
    "text_not_unicode": (
        N_("The text holds characters that no standard knows."),
        N_("Type it again."),
    ),
    "file_missing": (
        N_("There is no file {file}."),
        N_("Check the name and the folder."),
    ),
    "file_type_unknown": (
        N_("The file {file} is of a kind that is not read here ({ending})."),
        N_("Save it as .xlsx, .xls or .csv."),
    ),
    "file_encoding_unknown": (
        N_("The text of {file} is neither UTF-8 nor GB18030."),
        N_("Save the file again as UTF-8 and try again."),
    ),
    "workbook_unreadable": (
        N_("The file {file} cannot be read: {reason}."),
        N_("Open it in a spreadsheet program, save it anew as .xlsx or .csv and try again."),
    ),
    "workbook_protected": (
        N_("The file {file} is protected by a password."),
        N_("Save a copy without the password."),
    ),
    "workbook_too_large": (
        N_("The file {file} is larger than this program takes in."),
        N_("Split it into several files; they can be given in one command."),
    ),
    "required_missing": (
        N_("The cell is empty, but a value is required."),
        N_("Fill it in."),
    ),
    "cell_error": (
        N_("The cell shows an error of the spreadsheet."),
        N_("Replace the formula by its value."),
    ),
    "formula_cell": (
        N_("The cell holds a formula where a number must be copied from a document."),
        N_("Type the number itself, in a column formatted as text."),
    ),
    "gender_contradicts_id": (
        N_("The sex does not agree with the 17th digit of the identity number."),
        N_("Check both; the row is recorded all the same."),
    ),
}
