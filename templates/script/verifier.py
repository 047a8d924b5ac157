"""Prints what PostgreSQL (10 and later) stores of a password (standard input): so the password itself is in no log of the server."""
import base64
import hashlib
import hmac
import os
import sys


def text(value):
    return base64.b64encode(value).decode()


salt = os.urandom(16)
salted = hashlib.pbkdf2_hmac("sha256", sys.stdin.buffer.read(), salt, 4096)
client = hmac.digest(salted, b"Client Key", "sha256")
server = hmac.digest(salted, b"Server Key", "sha256")
print(f"SCRAM-SHA-256$4096:{text(salt)}${text(hashlib.sha256(client).digest())}:{text(server)}")
