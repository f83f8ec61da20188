"""What PyYAML complains of, in the words that help to mend it."""

from __future__ import annotations

import re

from followup.errors import Place, Problem
from followup.yaml_events import clip, too_deep

__all__ = ["syntax_problem"]

_SPACE_MISSING = re.compile(r"\s*(?:- +)?[\w-]+:[^\s/]")
_KEY = re.compile(r"[a-z_]{2,20}")
_NO_COLON = re.compile(r" *[a-z_]{2,20} [^:#]+")
_KEY_LINE = re.compile(r" *[\w.-]+:(?: |$)")


def syntax_problem(error: Exception, text: str, file: str) -> Problem:
    """What PyYAML complains of, at the place and in the words that help to mend it."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        told = f"this is not YAML: {clip(str(error))}"
        return Problem("yaml-syntax", told, Place(file), "check special characters and escapes")
    start = getattr(error, "context_mark", None) or mark
    place, opening = (Place(file, each.line + 1, each.column + 1) for each in (mark, start))
    opener = text[start.index : start.index + 1]
    said, context = str(getattr(error, "problem", "")), str(getattr(error, "context", ""))
    if "nesting depth" in said:  # libyaml reads ahead, and may meet its own limit before ours
        return too_deep(place)
    lines = text[: mark.index].split("\n")
    before, above = lines[-1], (lines[-2] if len(lines) > 1 else "")
    here = text[mark.index : mark.index + 1]
    told = f"this is not YAML: {clip(said)}"
    cure = "check indentation, quotes and brackets here and just above"
    odd = next((number for number in (len(lines), len(lines) - 1) if _odd_space(lines, number)), None)
    if odd is not None:
        place = Place(file, odd, 1)
        told = f"U+{ord(_odd_space(lines, odd)):04X}, a space that is none to YAML, indents this line"
        cure = "indent with plain spaces; such spaces come along when text is copied from a page"
    elif here == "\t" or (before.isspace() and "\t" in before):
        told, cure = "a tab indents this line", "indent with spaces"
    elif "quoted scalar" in context and "end of stream" in said:
        place, told, cure = opening, "this quote is never closed", f"add a closing {opener}"
    elif "flow" in context and "',' or" in said:
        told = f"the `{opener}` of line {start.line + 1}, column {start.column + 1} is not closed before this"
        cure = f"add a comma or a closing `{'}' if opener == '{' else ']'}`"
    elif opener == "*" and text[start.index + 1 : start.index + 2] == " ":
        place, told, cure = opening, "an item of a list does not begin with `*`", "write `- ` before it"
    elif "cannot start any token" in said:
        told, cure = f"a text cannot begin with `{here}`", "put the text in quotes"
    elif "alias" in context or "anchor" in context:
        place, told, cure = opening, f"a text cannot begin with `{opener}`", "put the text in quotes"
    elif "could not find expected ':'" in said or "mapping values" in said:
        wrong = text[start.index - start.column :].partition("\n")[0] if "could not" in said else above
        if _SPACE_MISSING.match(wrong):
            told = f"a space is missing after the colon in `{clip(wrong.strip())}`"
            cure = "write `key: value`"
            column = len(wrong) - len(wrong.lstrip()) + 1
            place = Place(file, start.line + ("could not" in said), column)
        elif "could not" in said:
            place, told, cure = opening, "this line has no `key: value`", _with_colon(wrong.strip())
        elif _NO_COLON.fullmatch(above):
            place = Place(file, mark.line, len(above) - len(above.lstrip()) + 1)
            told, cure = "this line has no `key: value`", _with_colon(above.strip())
        elif ": " in before:
            told, cure = "a second colon stands in an unquoted value", "put the whole value in quotes"
            if set("“”„") & set(before):
                cure = 'put it in plain quotes, ", which “ and ” are not'
        else:
            told, cure = "a key cannot stand here", _beside(before, lines[:-1])
    elif before.rstrip()[-1:] in ("'", '"'):
        told = "text follows a closing quote"
        cure = "quote the whole value; inside '…' write '' for an apostrophe"
    elif "expected key" in said or "expected <block end>" in said:
        told, cure = "a key cannot stand here", _beside(before, lines[:-1])
        if here == "-":
            told, cure = "an item of a list cannot stand here", "indent it below the key that it belongs to"
    return Problem("yaml-syntax", told, place, cure)


def _odd_space(lines: list[str], number: int) -> str:
    """The first character that indents a line and is white, but no space to YAML; empty if there is none."""
    line = lines[number - 1] if number > 0 else ""
    indent = line[: len(line) - len(line.lstrip())]
    return next((character for character in indent if character not in " \t\r"), "")


def _with_colon(line: str) -> str:
    """A cure for a line without a colon."""
    word, _, rest = line.partition(" ")
    if rest and _KEY.fullmatch(word):
        return f"did you mean `{clip(f'{word}: {rest}')}`? else indent it under the value above"
    return "add a colon and a space, or indent it under the value above"


def _beside(before: str, above: list[str]) -> str:
    """A cure for a key with another indentation than those beside it."""
    spaces = len(before) - len(before.lstrip(" "))
    keys = [line for line in above if _KEY_LINE.match(line)]
    for line in reversed(keys):
        wanted = len(line) - len(line.lstrip(" "))
        if abs(wanted - spaces) in (1, 2, 3, 4) and wanted != spaces:
            return f"it is indented by {spaces}, a key above by {wanted}; keys of one group begin alike"
    return "give it the indentation of the keys beside it"
