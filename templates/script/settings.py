"""Sets named assignments in the site's settings.py, by the smallest edit; every other byte stays.

Arguments: settings.py and settings.example.py, which it begins as. With --read PATH it prints what the file has there, unless
that is a placeholder. Else standard input says what to set: four fields for each setting, each ended by a zero byte:
  where  always, there (only where the file has it), literal (there, and no reference to another setting) or mailgun (only where
         the file has ANYMAIL, and names no backend of e-mail but the console)
  kind   text, bytes, code or list (an item a line)
  path   the name and the keys below it, separated by spaces
  value
"""
import ast
import os
import re
import sys
import tokenize


class File:
    def __init__(self, source):
        self.source = source
        self.tree = ast.parse(source)
        self.line_break = b"\r\n" if b"\r\n" in source else b"\n"
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def at(self, line, column):
        return self.starts[line - 1] + column

    def span(self, node):
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def text(self, node):
        start, end = self.span(node)
        return self.source[start:end]

    def line_start(self, offset):
        return self.source.rfind(b"\n", 0, offset) + 1

    def line_end(self, offset):
        end = re.compile(rb"\r?\n").search(self.source, offset)
        return end.start() if end else len(self.source)

    def next_line(self, offset):
        end = self.source.find(b"\n", offset)
        return len(self.source) if end < 0 else end + 1

    def indent(self, offset):
        start = self.line_start(offset)
        return re.match(rb"[ \t]*", self.source[start:]).group()

    def starts_line(self, offset):
        return self.source[self.line_start(offset):offset].strip() == b""

    def replaced(self, *edits):
        source = self.source
        for start, end, text in sorted(edits, reverse=True):
            source = source[:start] + text + source[end:]
        return File(source)


def names(target):
    """The path of `A['b']['c']` or `os.environ['B']`; of anything else nothing."""
    keys = []
    while isinstance(target, ast.Subscript):
        key = target.slice
        key = getattr(key, "value", key) if type(key).__name__ == "Index" else key
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            return None
        keys.insert(0, key.value)
        target = target.value
    dotted = []
    while isinstance(target, ast.Attribute):
        dotted.insert(0, target.attr)
        target = target.value
    return [".".join([target.id] + dotted)] + keys if isinstance(target, ast.Name) else None


def assignments(file):
    for statement in file.tree.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            yield names(statement.targets[0]), statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield names(statement.target), statement.value


def entries(value):
    """The keys and values of `{…}` or `dict(…)`, of anything else nothing."""
    if isinstance(value, ast.Dict):
        return [(getattr(key, "value", None), own) for key, own in zip(value.keys, value.values)]
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "dict" and not value.args:
        return [(keyword.arg, keyword.value) for keyword in value.keywords]
    return None


def find(file, path):
    """The value in effect (the last assignment wins); where there is none, the innermost dict that could hold it."""
    found = None, None, path
    for own, value in assignments(file):
        if own is None or own != path[:len(own)]:
            continue
        keys = path[len(own):]
        while keys and entries(value) is not None:
            match = [inner for key, inner in entries(value) if key == keys[0]]
            if not match:
                break
            value, keys = match[-1], keys[1:]
        if not keys:
            found = value, None, []
        elif entries(value) is not None:
            found = None, value, keys
        else:
            sys.exit(f"settings.py builds {' '.join(path)} with an expression: set it there by hand.")
    return found


def literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def escaped(value, quote, line_break):
    known = {"\\": "\\\\", "\n": line_break, "\r": "\\r", "\t": "\\t", quote: "\\" + quote}
    def form(character):
        code = ord(character)
        if character in known:
            return known[character]
        if character.isprintable():
            return character
        return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return "".join(map(form, value))


def rendered(value, node_text=b"", quote="'", line_break="\n"):
    """As Python writes it, in the quotes of what stood there; a text in the place of bytes becomes bytes."""
    if isinstance(value, list):
        return "[" + ", ".join(rendered(each, b"", quote) for each in value) + "]"
    form = re.match(r"([bBuU]?)('''|\"\"\"|'|\")", node_text.decode())
    prefix, marks = form.groups() if form else ("", "")
    if isinstance(value, str) and prefix.lower() == "b":
        value = value.encode()
    triple = len(marks) == 3
    text, lead = value, prefix if prefix in "uU" else ""
    if isinstance(value, bytes):
        text, lead = "".join(chr(byte) if byte < 0x7F else f"\0{byte:02x}" for byte in value), prefix or "b"
    quote = marks[:1] or quote
    triple = triple or text.count("\n") > 1
    marks = quote * 3 if triple else quote
    body = escaped(text, quote, line_break if triple else "\\n")
    if isinstance(value, bytes):
        body = re.sub(r"\\x00(?=[89a-f][0-9a-f])", r"\\x", body)
    return lead + marks + body + marks


def common_quote(file):
    return '"' if file.source.count(b'"') > file.source.count(b"'") else "'"


def set_value(file, path, value, code=False):
    node, container, missing = find(file, path)
    if node is not None:
        current = literal(node)
        if code and file.text(node).decode() == value:
            return file
        if not code and same(current, value):
            return file
        if isinstance(current, list) and isinstance(value, list):
            return set_list(file, path, value)
        text = value if code else rendered(value, file.text(node), common_quote(file), file.line_break.decode())
        return file.replaced(*joined(file, node, text.encode()))
    quote = common_quote(file)
    text = value if code else rendered(value, b"", quote, file.line_break.decode())
    for key in reversed(missing[1:]):
        text = "{" + rendered(key, b"", quote) + ": " + text + "}"
    if container is not None:
        key = rendered(missing[0], b"", quote) + ": " if isinstance(container, ast.Dict) else missing[0] + "="
        return add_item(file, container, key + text, [own for _, own in entries(container)])
    line = f"{path[0]} = {text}".encode()
    for statement in file.tree.body:
        if any(isinstance(each, ast.Name) and each.id == path[0] for each in ast.walk(statement)):
            start = file.line_start(file.span(statement)[0])
            return file.replaced((start, start, line + file.line_break))
    end = len(file.source)
    ended = file.source.endswith(b"\n")
    return file.replaced((end, end, line + file.line_break if ended else file.line_break + line))


def joined(file, node, text):
    """The edits that put a text in the place of `'a' 'b'`: the first part takes all of it, comments between the parts stay."""
    start, end = file.span(node)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, (str, bytes)):
        return [(start, end, text)]
    wrapped = File(b"(" + file.source[start:end] + b"\n)")
    lines = iter(wrapped.source.splitlines(keepends=True))
    strings = [
        [start - 1 + wrapped.at(row, len(token.line[:column].encode())) for row, column in (token.start, token.end)]
        for token in tokenize.tokenize(lambda: next(lines, b"")) if token.type == tokenize.STRING
    ]
    edits = [(strings[0][0], strings[0][1], text)]
    for (_, behind), (first, last) in zip(strings, strings[1:]):
        gap, rest = file.source[behind:first], file.source[last:file.line_end(last)]
        begin = first if b"#" in gap else behind
        if rest.strip().startswith(b"#"):
            begin, last = first, last + rest.index(b"#")
        elif b"#" in gap and rest.strip() == b"":
            begin = behind + re.search(rb"\r?\n[ \t]*$", gap).start()
        edits.append((begin, last, b""))
    return edits


def same(current, value):
    if isinstance(current, bytes) and isinstance(value, str):
        return current == value.encode()
    return current == value or (type(current) is int and str(current) == value)


def set_list(file, path, value):
    for index, item in enumerate(value):
        items = find(file, path)[0].elts
        if index >= len(items):
            file = add_item(file, find(file, path)[0], rendered(item, b"", common_quote(file)), items)
        elif literal(items[index]) != item:
            start, end = file.span(items[index])
            file = file.replaced((start, end, rendered(item, file.text(items[index])).encode()))
    while len(find(file, path)[0].elts) > len(value):
        file = remove_item(file, find(file, path)[0].elts, len(find(file, path)[0].elts) - 1)
    return file


def comma_after(file, node):
    end = file.span(node)[1]
    match = re.match(rb"\s*,", file.source[end:])
    return end + match.end() if match else None


def add_item(file, container, text, items):
    if not items:
        end = file.span(container)[1] - 1
        return file.replaced((end, end, text.encode()))
    last = items[-1]
    first_of_last = container.keys[-1] if isinstance(container, ast.Dict) else last
    end = file.span(last)[1]
    comma = comma_after(file, last)
    if not file.starts_line(file.span(first_of_last)[0]):
        lead, trail = (b" ", b",") if comma else (b", ", b"")
        return file.replaced((comma or end, comma or end, lead + text.encode() + trail))
    line = file.line_break + file.indent(file.span(first_of_last)[0]) + text.encode() + b"," * bool(comma)
    at = file.line_end(comma or end)
    edits = [(at, at, line)]
    if comma is None:
        edits.append((end, end, b","))
    return file.replaced(*edits)


def remove_item(file, items, index):
    start, end = file.span(items[index])
    end = comma_after(file, items[index]) or end
    rest = file.source[end:file.line_end(end)]
    if index + 1 < len(items) and file.span(items[index + 1])[0] < file.line_end(end):
        return file.replaced((start, file.span(items[index + 1])[0], b""))
    if file.starts_line(start):
        if rest.strip() == b"":
            return file.replaced((file.line_start(start), file.next_line(end), b""))
        return file.replaced((start, end + max(rest.find(b"#"), 0), b""))
    if index > 0:
        before = file.span(items[index - 1])[1]
        return file.replaced((before if end == file.span(items[index])[1] else comma_after(file, items[index - 1]), end, b""))
    return file.replaced((start, end, b""))


def comment_out(file, statement, alone):
    start, end = file.span(statement)
    indent = file.indent(start)
    body = file.source[start:end].replace(b"\n" + indent, b"\n" + indent + b"# ")
    return file.replaced((start, end, (b"pass\n" + indent if alone else b"") + b"# " + body))


def blocks(tree):
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list):
                yield node, body


def without_insecure_transport(file):
    for node, body in blocks(file.tree):
        for statement in body:
            if isinstance(statement, ast.Assign) and any(
                names(target) == ["os.environ", "OAUTHLIB_INSECURE_TRANSPORT"] for target in statement.targets
            ):
                alone = len(body) == 1 and not isinstance(node, ast.Module)
                return without_insecure_transport(comment_out(file, statement, alone))
    return file


def without_app(file, app):
    """Takes it out of INSTALLED_APPS: what is installed for development only does not import here."""
    for statement in file.tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Expr) and isinstance(value, ast.Call) and value.args:
            target, value = value.func, value.args[0]
            target = target.value if isinstance(target, ast.Attribute) else None
        if not (isinstance(target, ast.Name) and target.id == "INSTALLED_APPS") or value is None:
            continue
        if literal(value) == app or (not isinstance(statement, ast.Assign) and literal(value) in ([app], (app,))):
            return without_app(comment_out(file, statement, False), app)
        for node in ast.walk(value):
            if isinstance(node, (ast.List, ast.Tuple)):
                for index, item in enumerate(node.elts):
                    if isinstance(item, ast.Constant) and item.value == app:
                        return without_app(remove_item(file, node.elts, index), app)
    return file


def importable(file):
    """`os.environ.get('AWS_CLOUDFRONT_KEY').encode(…)` raises where the variable is unset, as in every unit."""
    node = find(file, ["AWS_CLOUDFRONT_KEY"])[0]
    if node is None:
        return file
    fixed = re.sub(
        rb"(os\.(?:environ\.get|getenv)\(\s*(['\"])\w+\2)\s*\)(?=\s*\.encode\()", rb"\1, '')", file.text(node)
    )
    start, end = file.span(node)
    return file if fixed == file.text(node) else file.replaced((start, end, fixed))


CONSOLE = "django.core.mail.backends.console.EmailBackend"


def of_kind(kind, value):
    return (value.rstrip("\n") + "\n").encode() if kind == "bytes" else value


def stands(file, path):
    try:
        return find(file, path)[0] is not None
    except SystemExit:
        return True


def has_room(file, path):
    container, missing = find(file, path)[1:]
    return len(path) == 1 or (container is not None and len(missing) == 1)


def places(file, known, paths, code):
    """Where a setting stands under its names; where it does not, the first that this version of the site has room for."""
    there = [path for path in paths if find(file, path)[0] is not None]
    if not there:
        known_ones = [path for path in paths if any(stands(each, path) for each in known) and has_room(file, path)]
        return [] if code else known_ones[:1]
    return [path for path in there if len(paths) == 1 or literal(find(file, path)[0]) is not None]


def edited(file, example, known, fields):
    file = importable(without_app(without_insecure_transport(file), "sslserver"))
    for where, kind, path, value in zip(*[iter(fields)] * 4):
        if where == "given":
            for own in places(file, known, [each.split(" ") for each in path.split("|")], kind == "code"):
                file = set_value(file, own, of_kind(kind, value), code=kind == "code")
            continue
        path = path.split(" ")
        node = find(file, path)[0] if where != "always" else None
        if where in ("there", "literal") and (node is None or (where == "literal" and literal(node) is None)):
            continue
        anymail = any(stands(each, ["ANYMAIL"]) for each in (file, *known))
        if where == "mailgun" and not (anymail and (node is None or literal(node) == CONSOLE)):
            continue
        value = of_kind(kind, value)
        if kind == "list":
            there, examples = (literal(find(each, path)[0]) or [] for each in (file, example))
            value = list(dict.fromkeys([each for each in there if each not in examples] + value.split("\n")))
        file = set_value(file, path, value, code=kind == "code")
    return file


def written(path, text):
    """Beside its place, then moved there: never a part of it."""
    new = path + ".new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "wb") as file:
        os.fchmod(file.fileno(), 0o640)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(path, example_path, *arguments):
    here = os.path.exists(path)
    example = File(read(example_path))
    file = File(read(path)) if here else example
    if arguments[:1] == ("--read",):
        values = [literal(find(each, arguments[1].split(" "))[0]) for each in (file, example)]
        value = values[0].decode() if isinstance(values[0], bytes) else values[0]
        if here and isinstance(value, str) and values[0] != values[1] and not re.search("CHANGE[_-]ME", value):
            print(value, end="")
        return
    common = os.path.join(os.path.dirname(example_path), "settings_common.py")
    known = [example, *([File(read(common))] if os.path.exists(common) else [])]
    wanted = edited(file, example, known, sys.stdin.buffer.read().decode().split("\0")[:-1])
    if not here or wanted.source != file.source:
        written(path, wanted.source)
    elif os.stat(path).st_mode & 0o007:
        os.chmod(path, 0o640)


if __name__ == "__main__":
    main(*sys.argv[1:])
