"""Asks Meilisearch for its public and its private key with the master key (standard input), and prints them, a line each.

Before 0.25 the key goes into another header. Keys are told apart by the whole set of what they may do: newer versions have more.
"""
import json
import sys
import urllib.error
import urllib.request

master = sys.stdin.read()
answer = {}
for header, value in (("Authorization", f"Bearer {master}"), ("X-Meili-API-Key", master)):
    try:
        request = urllib.request.Request("http://127.0.0.1:7700/keys", headers={header: value})
        answer = json.load(urllib.request.urlopen(request, timeout=10))
        break
    except urllib.error.HTTPError as refused:
        problem = refused
else:
    sys.exit(f"Meilisearch refuses the master key ({problem}).")
keys = {"search": answer.get("public"), "*": answer.get("private")}
for key in answer.get("results", []):
    if len(key["actions"]) == 1 and "*" in key["indexes"]:
        keys[key["actions"][0]] = key["key"]
if not (keys["search"] and keys["*"]):
    sys.exit("Its default search and admin keys are not among the answer of /keys.")
print(keys["search"], keys["*"], sep="\n")
