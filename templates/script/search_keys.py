"""Asks Meilisearch for its public and its private key with the master key (standard input), and prints them, a line each.

Before 0.25 the key goes into another header. Keys are told apart by the whole set of what they may do: newer versions have
more. From 0.28 on they come twenty a page, newest first.
"""
import json
import sys
import urllib.error
import urllib.request

master = sys.stdin.read()


def page(header, value, offset):
    address = f"http://127.0.0.1:7700/keys?offset={offset}"
    request = urllib.request.Request(address, headers={header: value})
    return json.load(urllib.request.urlopen(request, timeout=10))


for header in (("Authorization", f"Bearer {master}"), ("X-Meili-API-Key", master)):
    try:
        answer = page(*header, 0)
        break
    except urllib.error.HTTPError as refused:
        problem = refused
else:
    sys.exit(f"Meilisearch refuses the master key ({problem}).")
found = answer.get("results", [])
while len(found) < answer.get("total", 0):
    answer = page(*header, len(found))
    if not answer["results"]:
        break
    found += answer["results"]
keys = {"search": answer.get("public"), "*": answer.get("private")}
# Oldest last: it wins.
for key in sorted(found, key=lambda key: key["createdAt"], reverse=True):
    if len(set(key["actions"])) == 1 and set(key["indexes"]) == {"*"} and not key["expiresAt"]:
        keys[key["actions"][0]] = key["key"]
if not (keys["search"] and keys["*"]):
    sys.exit("Its default search and admin keys are not among the answer of /keys.")
print(keys["search"], keys["*"], sep="\n")
