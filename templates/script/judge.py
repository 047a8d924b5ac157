"""Passes a file on (standard input) when it gives whoever wrote it nothing of root's: the checkout is the site's account's.

Arguments: what it is (unit, nginx, or ini, which root does not read), and its path; or `same`, its path, and the SHA-256 that it has
to have, which may be empty. What is not known to be harmless is refused, be it harmless or not: the rules
are those by which studio-setup asks its operator.
"""
import hashlib
import json
import os
import re
import sys

RULES = json.loads(r'''@rules@''')
# What one reader takes for a blank, and another for a part of a word.
ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]")
TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<mark>[;{}])|(?P<word>(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')(?=[\s;{)]|\Z)|(?!["'])(?:\\.|\$\{+|[^\s;{\\])+)""",
    re.S | re.A,
)


def fits(rule, value):
    return re.fullmatch(rule, value, re.A) is not None


def command(value):
    """One program of root's folders, without a prefix that keeps root's rights."""
    program, *rest = value.split()
    alone = [re.sub(r"[\"'\\]", "", word) for word in rest]
    return ";" not in alone and fits(RULES["unit"]["program"], program.lstrip("-@:"))


def unit(source, path):
    rules, name = RULES["unit"], os.path.basename(path)
    sections, ending = dict(rules["sections"]), name.rpartition(".")[2]
    roots = name == rules["rootsUnit"]
    if roots:
        sections["Service"] = rules["rootsService"]
    for kind in {"service": ("Timer",), "timer": ("Service",)}.get(ending, ("Service", "Timer")):
        del sections[kind]
    if ending not in ("service", "timer", "target"):
        yield f"a {ending} unit"
    template = re.sub(r"@[^.]*\.", "@.", name)
    for folder in ("/usr/lib/systemd/system", "/lib/systemd/system", "/usr/local/lib/systemd/system"):
        for each in {name, template}:
            if os.path.lexists(f"{folder}/{each}"):
                yield f"it would take the place of {folder}/{each}"
    source = re.sub(r"\r(?=\n|\Z)", "", source)
    unclear = re.search(r"(?m)^[ \t]*[#;].*\\$|\\\n[ \t]*[#;]", source)
    section, account = "", False
    for line in re.sub(r"(?<!\\)((?:\\\\)*)\\\n", r"\1 ", source).split("\n"):
        if unclear or "\r" in line or not fits(rules["line"], line):
            yield "a line that systemd may read in another way than it looks"
            return
        if line.startswith("["):
            section = line[1:-1]
            continue
        if line.strip() == "" or line.lstrip()[0] in "#;":
            continue
        key, value = (part.strip() for part in line.split("=", 1))
        account = account or (section, key) == ("Service", "User")
        known = sections.get(section, {})
        rule = known.get(key)
        if key not in known or value == "" or rule is not None and not (
            command(value) if rule == "command" else fits(rule, value)
        ):
            yield f"{key}={value}"
    if ending == "service" and not roots and not account:
        yield "no User=, so it would run as root"


def nginx(source, path):
    at, words, inside = 0, [], []
    while at < len(source):
        token = TOKEN.match(source, at)
        if token is None:
            yield "a line that can't be read"
            return
        at = token.end()
        if token["word"] is not None:
            words.append(re.sub(r"^(['\"])(.*)\1$", r"\2", token["word"], flags=re.S))
        elif token["mark"] == "}":
            if words or not inside:
                yield "braces that do not add up"
                return
            inside.pop()
        elif token["mark"] is not None:
            if not words:
                yield f"a {token['mark']} behind nothing"
                return
            name, *arguments = words
            block, rule = token["mark"] == "{", RULES["nginx"]["judged"].get(name)
            if rule is not None:
                fine = fits(rule, (arguments + [""])[0]) or (name == "server" and block)
            else:
                fine = (inside[-1:] or [""])[0] in RULES["nginx"]["values"] or fits(RULES["nginx"]["harmless"], name)
            if not fine:
                yield " ".join(words)
            if block:
                inside.append(name)
            words = []
    if words or inside:
        yield "its end is missing"


CHECKS = {"unit": unit, "nginx": nginx, "ini": lambda *_: [], "same": lambda *_: []}
kind, path, *sums = sys.argv[1:]
content = sys.stdin.buffer.read()
if kind == "same" and sums[0] not in ("", hashlib.sha256(content).hexdigest()):
    sys.exit(f"✗ deploy{path} is not the file that studio-setup judged when it made this script: look at it, and make the script again.")
try:
    text = content.decode()
    doubts = list(CHECKS[kind](text, path))
    if kind in ("unit", "nginx") and ODD.search(text):
        doubts.append("a character that may be read in another way than it looks")
except UnicodeDecodeError:
    doubts = ["it is not UTF-8"]
if doubts:
    sys.exit(f"✗ {path} comes from the checkout, which another account can change, and needs your word: {'; '.join(doubts[:8])}. If it is wanted, make the script again on this server, with --overwrite {path}.")
sys.stdout.buffer.write(content)
