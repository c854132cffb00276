"""What a story may demand of an answer or of a command."""
import json
import re
import subprocess


class Unmet(Exception):
    """An expectation that does not hold; the text says what was found instead."""


def unquote(text):
    """Outer quotes are for blanks at the ends; what is inside stands as written."""
    text = text.strip()
    if len(text) >= 2 and text[0] == '"' and text[-1] == '"':
        return text[1:-1]
    return text


PATH_STEP = re.compile(r"\.([\w-]+)|\.\"([^\"]+)\"|\[(-?\d+)\]|\[\*\]")
ABSENT = object()


def look_up(value, path):
    """$.a[0].b; [*] gathers from every element; ABSENT where the way ends early."""
    if not path.startswith("$"):
        raise Unmet(f"a JSON path begins with $: {path}")
    at = 1
    while at < len(path):
        step = PATH_STEP.match(path, at)
        if not step:
            raise Unmet(f"not a JSON path from character {at}: {path}")
        name, index = step.group(1) or step.group(2), step.group(3)
        at = step.end()
        if name is not None:
            value = value.get(name, ABSENT) if isinstance(value, dict) else ABSENT
        elif index is not None:
            try:
                value = value[int(index)] if isinstance(value, list) else ABSENT
            except IndexError:
                value = ABSENT
        else:
            if not isinstance(value, list):
                return ABSENT
            found = [look_up(element, "$" + path[at:]) for element in value]
            return [f for f in found if f is not ABSENT]
        if value is ABSENT:
            return ABSENT
    return value


def excerpt(text, around=None, width=300):
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= width else text[:width] + "…"


def check_text(what, text, verb, wanted):
    wanted = unquote(wanted)
    if verb == "contains" and wanted not in text:
        raise Unmet(f"{what} does not contain “{wanted}”; it begins: {excerpt(text)}")
    if verb == "lacks" and wanted in text:
        at = text.index(wanted)
        raise Unmet(f"{what} holds “{wanted}”: …{excerpt(text[max(0, at - 80):at + 160])}…")
    if verb == "matches" and not re.search(wanted, text, re.M | re.S):
        raise Unmet(f"{what} does not match /{wanted}/; it begins: {excerpt(text)}")


COMPARE = {
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, "<": lambda a, b: a < b,
}


def check_json(document, rest):
    """rest: $.path exists|absent|count N|~ text|= value|>= N …"""
    found = re.match(r"(\S+)\s+(exists|absent|count|holds|~|=|>=|<=|>|<)\s*(.*)$", rest)
    if not found:
        raise Unmet(f"not understood: json {rest}")
    path, verb, wanted = found.groups()
    value = look_up(document, path)
    if verb == "absent":
        if value is not ABSENT:
            raise Unmet(f"{path} is there: {json.dumps(value, ensure_ascii=False)[:200]}")
        return
    if value is ABSENT:
        raise Unmet(f"{path} is not there in {json.dumps(document, ensure_ascii=False)[:300]}")
    if verb == "exists":
        return
    shown = json.dumps(value, ensure_ascii=False)[:200]
    if verb == "~":
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if unquote(wanted) not in text:
            raise Unmet(f"{path} is {shown}, without {wanted}")
        return
    try:
        wanted = json.loads(wanted)
    except ValueError:
        raise Unmet(f"not a JSON value: {wanted}") from None
    if verb == "count":
        if not isinstance(value, (list, dict)) or len(value) != wanted:
            raise Unmet(f"{path} does not count {wanted}: {shown}")
    elif verb == "holds":
        if not isinstance(value, list) or wanted not in value:
            raise Unmet(f"{path} does not hold {wanted!r}: {shown}")
    elif verb == "=":
        if value != wanted or isinstance(value, bool) != isinstance(wanted, bool):
            raise Unmet(f"{path} is {shown}, not {json.dumps(wanted, ensure_ascii=False)}")
    elif not isinstance(value, (int, float)) or not COMPARE[verb](value, wanted):
        raise Unmet(f"{path} is {shown}, not {verb} {wanted}")


def read_json(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unmet(f"no JSON ({error}): {excerpt(text)}") from None


PDF_TOOLS = {  # of poppler-utils; text as it is read, with one blank where there are more
    "text": ["pdftotext", "-", "-"],
    "info": ["pdfinfo", "-"],
    "structure": ["pdfinfo", "-struct-text", "-"],
    "links": ["pdfinfo", "-url", "-"],
    "fonts": ["pdffonts", "-"],
    "bytes": None,
}


def read_pdf(body, what):
    if not body.startswith(b"%PDF-"):
        raise Unmet(f"no PDF: it begins {body[:60]!r}")
    if what == "bytes":
        return body.decode("latin-1")
    tool = subprocess.run(PDF_TOOLS[what], input=body, capture_output=True, timeout=60)
    if tool.returncode != 0:
        raise Unmet(f"{PDF_TOOLS[what][0]}: {tool.stderr.decode(errors='replace')[:300]}")
    return re.sub(r"[ \t\r\n\f]+", " ", tool.stdout.decode("utf-8", "replace"))


def check_answer(answer, line):
    """One indented line under a request."""
    word, _, rest = line.partition(" ")
    rest = rest.strip()
    if word == "status":
        if str(answer.status) != rest:
            raise Unmet(f"status {answer.status}, not {rest}: {excerpt(answer.text)}")
    elif word == "header":
        found = re.match(r"([\w-]+)\s+(~|=|lacks)\s*(.*)$", rest)
        if not found:
            raise Unmet(f"not understood: {line}")
        name, verb, wanted = found.group(1), found.group(2), unquote(found.group(3))
        value = answer.header(name)
        if verb == "lacks" and value is not None and wanted in value:
            raise Unmet(f"{name} is “{value}”, with “{wanted}”")
        if verb == "~" and (value is None or wanted not in value):
            raise Unmet(f"{name} is “{value}”, without “{wanted}”")
        if verb == "=" and value != wanted:
            raise Unmet(f"{name} is “{value}”, not “{wanted}”")
    elif line.startswith("no header "):
        if answer.header(line[10:].strip()) is not None:
            raise Unmet(f"there is a header {line[10:]}: {answer.header(line[10:].strip())}")
    elif word == "body" and rest.partition(" ")[0] in ("contains", "lacks", "matches"):
        verb, _, wanted = rest.partition(" ")
        check_text("the page", answer.text, verb, wanted)
    elif line == "body empty":
        if answer.body:
            raise Unmet(f"the body holds {len(answer.body)} bytes")
    elif word == "json":
        check_json(read_json(answer.text), rest)
    elif line.startswith("digest = "):
        if answer.digest() != line[9:].strip():
            raise Unmet("the bytes are others")
    elif word == "pdf" and rest.partition(" ")[0] in PDF_TOOLS:
        what, _, rest = rest.partition(" ")
        verb, _, wanted = rest.partition(" ")
        if verb not in ("contains", "lacks", "matches"):
            raise Unmet(f"not understood: {line}")
        check_text(f"the {what} of the PDF", read_pdf(answer.body, what), verb, wanted)
    else:
        raise Unmet(f"not understood: {line}")


def check_command(result, line):
    """One indented line under a command; result has returncode, stdout, stderr."""
    word, _, rest = line.partition(" ")
    if word == "exit":
        if str(result.returncode) != rest.strip():
            raise Unmet(f"exit {result.returncode}, not {rest}: "
                        + excerpt(result.stderr or result.stdout))
    elif word in ("stdout", "stderr") and rest.partition(" ")[0] in (
            "contains", "lacks", "matches"):
        verb, _, wanted = rest.partition(" ")
        check_text(word, getattr(result, word), verb, wanted)
    elif word == "json":
        check_json(read_json(result.stdout), rest.strip())
    else:
        raise Unmet(f"not understood: {line}")
