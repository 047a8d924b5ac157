"""Brings the locations of nginx's configuration into agreement with the site's settings.

Standard input is the configuration; the arguments are addresses and folders by turns: STATIC_URL STATIC_ROOT MEDIA_URL MEDIA_ROOT.
A location that serves the folder under another name gets a sibling; one for the address that serves another folder gets the right
one; without either, a location is added.
"""
import re
import sys

LOCATION = re.compile(r"(?m)^([ \t]*)location\s+(\^~\s+)?(/[^\s{]*)(\s*\{[^{}]*\})")
ALIAS = re.compile(r"(\balias\s+)([^\s;]+)(\s*;)")
# The site's account writes its settings: what could be anything else to nginx is skipped.
URL = re.compile(r"/[\w~-][\w./~-]*\Z", re.A)
FOLDER = re.compile(r"/[\w./+-]+\Z", re.A)
# What visitors must not get: a folder that holds it is not handed out.
SETTINGS = "/var/www/blender-studio/studio/settings.py"


def serving(source, address, folder):
    found = [
        (match, match[3], (ALIAS.search(match[4]) or [None] * 4)[2])
        for match in LOCATION.finditer(source)
    ]
    for match, path, alias in found:
        if path.rstrip("/") != address:
            continue
        if alias is None or alias.rstrip("/") == folder:
            return source
        wanted = folder + ("/" if path.endswith("/") else "")
        block = ALIAS.sub(lambda each: each[1] + wanted + each[3], match[4])
        return source[: match.start(4)] + block + source[match.end(4) :]
    for match, path, alias in found:
        if alias is not None and alias.rstrip("/") == folder:
            name = address + ("/" if path.endswith("/") else "")
            copy = f"{match[1]}location {match[2] or ''}{name}{match[4]}"
            return f"{source[: match.end()]}\n\n{copy}{source[match.end() :]}"
    at = found[0][0].start() if found else len(source)
    indent = found[0][0][1] if found else ""
    added = f"{indent}location {address} {{\n{indent}    alias {folder};\n{indent}}}\n\n"
    return source[:at] + added + source[at:]


text = sys.stdin.read()
words = [word.rstrip("/") for word in sys.argv[1:]]
for url, root in zip(words[::2], words[1::2]):
    plain = URL.match(url) and FOLDER.match(root) and ".." not in root.split("/")
    if plain and not SETTINGS.startswith(root + "/"):
        text = serving(text, url, root)
sys.stdout.write(text)
