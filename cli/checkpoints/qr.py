"""A checkpoint as a QR code: a telephone takes the whole signed note off the paper, and nobody has to type a root."""

from __future__ import annotations

from io import BytesIO

from mingzhang.domain.proof.signed_note import Note


def qr_png(note: Note, *, dots: int = 4) -> bytes:
    """A PNG of the note's bytes, `dots` pixels to a module; the same note gives the same file.

    Error correction M: a code on paper gets folded and stamped. A note with many witnesses may be too long for one code (ValueError).
    """
    import segno  # dear to import, and only packets need it

    picture = BytesIO()
    segno.make_qr(note.written.encode(), error="m", mode="byte", encoding="utf-8").save(picture, kind="png", scale=dots, border=4)
    return picture.getvalue()
