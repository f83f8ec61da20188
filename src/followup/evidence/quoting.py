"""What somebody wrote themselves: the words above what they quote and above their signature.

Quotes are known by mail-parser-reply; a few that it does not know are cut before.
"""

from __future__ import annotations

import re

from followup.errors import UsageError

__all__ = ["new_words"]

MOST = 20_000
LONGEST_LINE = 1_000
"""Longer lines are broken: the expressions of mail-parser-reply take the square of a line's length."""
LANGUAGES = ("en", "de", "fr", "es", "it", "nl")
LONGEST_CLOSING = 40
"""A closing such as “Best regards” stands alone; a longer line that begins so is a sentence."""

QUOTE = re.compile(
    r"^\s*(-{2,}\s*(original message|original appointment|ursprüngliche nachricht|ursprünglicher termin"
    r"|forwarded message|weitergeleitete nachricht|message d'origine|mensaje original)|-- ?$"
    r"|_{20,}\s*$"
    r"|(on|am) .{5,200} (wrote|schrieb)( .{1,200})?:|le .{5,200} a écrit\s?:|el .{5,200} escribió:)",
    re.IGNORECASE,
)
HEADER = re.compile(r"^\s*\*?(from|von|de|da|van):\*?\s.*", re.IGNORECASE)
HEADER_AFTER = re.compile(
    r"^\s*\*?(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|objet|fecha|asunto):\*?\s", re.IGNORECASE
)
BLANKS = re.compile(r"\n{3,}")
SPACES = re.compile(r"[^\S\n]{2,}|[\xa0\u200b\u2007\u202f]")


def new_words(text: str) -> str:
    """The words above what is quoted and above the signature. Raises UsageError without mail-parser-reply."""
    own = _above_quotes(text[:MOST])
    reply = _parsed(own)
    return reply or own


def _above_quotes(text: str) -> str:
    kept: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.lstrip().startswith(">"):
            continue
        after = lines[number + 1] if number + 1 < len(lines) else ""
        if kept and (QUOTE.match(line[:500]) or QUOTE.match(f"{line[:250].rstrip()} {after[:250].strip()}")):
            break
        if (
            kept
            and HEADER.match(line[:500])
            and any(HEADER_AFTER.match(next_line[:200]) for next_line in lines[number + 1 : number + 4])
        ):
            break
        kept.append(line.rstrip()) if not QUOTE.match(line[:500]) else None
    return "\n".join(kept).strip()


def _parsed(text: str) -> str:
    try:
        from mailparser_reply.parser import EmailMessage
    except ImportError:
        cure = "install it: pip install 'followup[read]'"
        raise UsageError(f"quotes in mail need mail-parser-reply; {cure}") from None
    plain = BLANKS.sub("\n\n", "\n".join(_broken(SPACES.sub(" ", text))))
    message = EmailMessage(text=plain, languages=list(LANGUAGES), keep_hyphen_lists=True).read()
    reply = message.replies[0]
    for disclaimer in reply.disclaimers or ():
        reply.content = reply.content.replace(disclaimer, "")
    closing = (reply.signatures or "").lstrip("\n").partition("\n")[0]
    if reply.signatures and len(closing) <= LONGEST_CLOSING:
        return str(reply.content).replace(reply.signatures, "").strip()
    return str(reply.content).strip()


def _broken(text: str) -> list[str]:
    return [
        line[start : start + LONGEST_LINE]
        for line in text.split("\n")
        for start in range(0, max(len(line), 1), LONGEST_LINE)
    ]
