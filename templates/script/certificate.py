"""Tells which certificate the site is served with, as a run chooses it. Arguments: the site's names, its domain first.

Prints three lines: the name at certbot that it has or gets; that of what nginx can be given now, empty for none; `missing` where one
has to be issued, else nothing. One that covers all names and is renewed is taken, whoever else it is for. Else one is issued; its
name is the domain, unless that is the name of one that serves others too, or that certbot knows nothing of.
"""
import os
import re
import subprocess
import sys
from email.utils import mktime_tz, parsedate_tz
from time import time

ROOT = "/etc/letsencrypt"


class Lineage:
    def __init__(self, name, text):
        self.name = name
        self.names = re.findall(r"DNS:([^,\s]+)", text)
        # OpenSSL's form, `Nov 29 06:22:26 2026 GMT`, with the day before the month.
        month, day, hour, year = re.search(r"notAfter=(\w+) +(\d+) ([\d:]+) (\d+)", text).groups()
        self.ends = mktime_tz(parsedate_tz(f"{day} {month} {year} {hour} +0000"))
        self.managed = os.path.exists(f"{ROOT}/renewal/{name}.conf")

    def covers(self, name):
        return name in self.names or re.sub(r"^[^.]+", "*", name) in self.names


def lineages():
    live = f"{ROOT}/live"
    for name in sorted(os.listdir(live)) if os.path.isdir(live) else []:
        chain = f"{live}/{name}/fullchain.pem"
        if not (re.fullmatch(r"\w[\w.-]*", name, re.A) and os.path.exists(chain) and os.path.exists(f"{live}/{name}/privkey.pem")):
            continue
        command = ["openssl", "x509", "-noout", "-enddate", "-ext", "subjectAltName", "-in", chain]
        told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if told.returncode == 0:
            yield Lineage(name, told.stdout)


def chosen(there, names):
    domain, now = names[0], time()
    by_end = sorted(there, key=lambda each: (each.name != domain, -each.ends))
    covering = [each for each in by_end if all(map(each.covers, names))]
    good = next((each for each in covering if each.managed and each.ends >= now), None)
    if good:
        return good.name, good.name, ""
    known = {each.name: each for each in there}
    numbered = [f"{domain}-{number:04}" for number in range(1, 100)]
    free = lambda name: name not in known or known[name].managed and set(known[name].names) <= set(names)
    name = next(filter(free, [domain, *numbered]), domain)
    valid = [each for each in covering if each.ends >= now]
    serves = [each for each in by_end if each.name == name] + [each for each in by_end if each.covers(domain)]
    return name, next((each.name for each in [*valid, *covering, *serves]), ""), "missing"


print(*chosen(list(lineages()), sys.argv[1:]), sep="\n")
