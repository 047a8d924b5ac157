# Lists the trees named as arguments, one line for each entry: type, mode, owner:group, path, and a link's target or a file's
# sha256. Standard input: JSON with "ignored" and "opaque", lists of regular expressions that match whole paths.
import grp, hashlib, json, os, pwd, re, stat, sys

rules = json.load(sys.stdin)
ignored = re.compile("|".join(rules["ignored"]) or r"(?!)")
opaque = re.compile("|".join(rules["opaque"]) or r"(?!)")


def name(lookup, number):
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)


def describe(path, status):
    kind = {stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFREG: "f"}.get(stat.S_IFMT(status.st_mode), "?")
    owner = f"{name(pwd.getpwuid, status.st_uid)}:{name(grp.getgrgid, status.st_gid)}"
    line = f"{kind} {stat.S_IMODE(status.st_mode):04o} {owner} {path}"
    if kind == "l":
        return f"{line} -> {os.readlink(path)}"
    if kind == "f" and not opaque.fullmatch(path):
        with open(path, "rb") as file:
            return f"{line} {hashlib.sha256(file.read()).hexdigest()}"
    return line


def walk(path):
    if ignored.fullmatch(path):
        return
    try:
        status = os.lstat(path)
        print(describe(path, status))
        if stat.S_ISDIR(status.st_mode):
            for entry in sorted(os.listdir(path)):
                walk(os.path.join(path, entry))
    except FileNotFoundError:
        pass


for root in sys.argv[1:]:
    walk(root)
