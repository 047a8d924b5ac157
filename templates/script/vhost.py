"""Makes the site's HTTPS configuration of nginx from the repository's file (standard input) for the names given as arguments.

Arguments: the certificate's name at certbot, the domain, further names. Kept are the HTTPS site, and what is no server block; other
people's servers go, and one for port 80 answers challenges and leads to HTTPS. All that is kept stays as it is, but for names.
"""
import os
import re
import sys

TOKEN = re.compile(r"""\s+|(?P<comment>\#[^\n]*)|(?P<mark>[;{}])|(?P<word>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|\$\{+|[^\s;{\\])+)""", re.S)
HTTP_SITE = """@http_site@"""
IPV6 = os.path.exists("/proc/net/if_inet6")
HOST = re.compile(r"[a-z0-9-]+(?:\\?\.[a-z0-9-]+)+", re.I)


class Node:
    def __init__(self, words, start, end, open_at=None, nodes=None):
        self.words, self.start, self.end, self.open, self.nodes = words, start, end, open_at, nodes
        self.name = text(words[0]) if words else "#"
        self.args = words[1:]


def text(word):
    return re.sub(r"^(['\"])(.*)\1$", r"\2", word.group(), flags=re.S)


def parse(source):
    stack, words, nodes = [], [], []
    for token in TOKEN.finditer(source):
        if token["comment"] is not None and not words:
            nodes.append(Node([], token.start(), token.end()))
        elif token["word"] is not None:
            words.append(token)
        elif token["mark"] == ";":
            nodes.append(Node(words, words[0].start(), token.end()))
            words = []
        elif token["mark"] == "{":
            stack.append((nodes, words, token.start()))
            nodes, words = [], []
        elif token["mark"] == "}":
            outer, head, open_at = stack.pop()
            outer.append(Node(head, head[0].start(), token.end(), open_at, nodes))
            nodes = outer
    return nodes


def within(nodes):
    for node in nodes:
        if node.words:
            yield node
            yield from within(node.nodes or [])


def named(server, name):
    return [node for node in server.nodes if node.name == name and node.words]


def port(listen):
    address = text(listen.args[0])
    number = re.fullmatch(r"\d+", address) or re.search(r"(?<=:)\d+$", address)
    return None if address.startswith("unix:") else int(number.group()) if number else 80


def listens(server, wanted):
    return [node for node in named(server, "listen") if port(node) == wanted]


def host_names(server):
    words = [text(word).lower() for node in named(server, "server_name") for word in node.args]
    return [word for word in words if re.fullmatch(r"(?!.*\.\d+$)[a-z0-9-]+(\.[a-z0-9-]+)+", word)]


def is_tls(server):
    words = [text(word) for node in named(server, "listen") for word in node.args]
    return bool(named(server, "ssl_certificate") or listens(server, 443) or "ssl" in words)


def site_of(servers, names):
    tls = [each for each in servers if is_tls(each)]
    sites = [each for each in tls if any(node.name == "uwsgi_pass" for node in within(each.nodes))] or [
        each for each in tls if any(
            node.name == "include" and re.search(r"\bnginx_[\w-]+\.common\.conf$", text(word))
            for node in within(each.nodes) for word in node.args)]
    if not sites:
        sys.exit("The repository's nginx_studio.conf has no HTTPS site.")
    return next((each for each in sites if set(host_names(each)) & set(names)), sites[0])


def line_start(source, at):
    return source.rfind("\n", 0, at) + 1


def line_end(source, at):
    end = source.find("\n", at)
    return len(source) if end < 0 else end + 1


def alone(source, node):
    before, after = source[line_start(source, node.start):node.start], source[node.end:line_end(source, node.end)]
    return before.strip() == "" and re.fullmatch(r"[ \t]*(#[^\n]*)?\r?\n?", after) is not None


def removal(source, node):
    whole = line_start(source, node.start), line_end(source, node.end), ""
    return whole if alone(source, node) else (node.start, node.end, "")


def with_comment(source, nodes, server):
    """A server with the comment right above it, and the rest of its last line."""
    start = line_start(source, server.start)
    for node in reversed(nodes[:nodes.index(server)]):
        own = line_start(source, node.start)
        if node.words or source[own:node.start].strip() or line_end(source, node.end) != start:
            break
        start = own
    return (start, line_end(source, server.end)) if alone(source, server) else (server.start, server.end)


def gaps(source, nodes, servers):
    """Whole servers, with the empty lines behind them; those before them at the end of the file."""
    ranges = []
    for server in servers:
        start, end = with_comment(source, nodes, server)
        end += len(re.match(r"(?:[ \t]*\r?\n)*", source[end:]).group())
        if ranges and ranges[-1][1] == start:
            start = ranges.pop()[0]
        ranges.append((start, end))
    for start, end in ranges:
        before = re.search(r"(?:(?<=\n)[ \t]*\r?\n)*$", source[:start]).group() if end == len(source) else ""
        yield start - len(before), end, ""


def arguments(node, value):
    return node.args[0].start(), node.args[-1].end(), value


def pattern(names):
    return "|".join(name.replace(".", "\\.") for name in names)


def tests_of_the_host(source, site, names):
    """Tests that turn others away get the names; what is done for somebody else's names only goes."""
    for node in within(site.nodes):
        if node.name != "if":
            continue
        condition = source[node.start + 2:node.open]
        guard = re.fullmatch(r"(\s*\(\s*\$(?:http_)?host\s+)(!~\*?|!=)(\s+)(.*?)(\s*\)\s*)", condition, re.S)
        refuses = any(each.name == "return" and re.fullmatch(r"4\d\d", text(each.args[0])) for each in node.nodes if each.args)
        if guard and (guard[2] != "!=" or (len(names) > 1 and refuses)):
            start = node.start + 2 + guard.start(2)
            quote = guard[4][0] if guard[4][:1] in "\"'" and guard[4] else ""
            operator = "!~*" if guard[2] == "!=" else guard[2]
            yield start, start + len(guard[2] + guard[3] + guard[4]), f"{operator}{guard[3]}{quote}^({pattern(names)})${quote}"
        elif re.search(r"\$(?:http_)?host\b", condition):
            hosts = [host.replace("\\", "").lower() for host in HOST.findall(condition)]
            known = names + host_names(site)[:1]
            if hosts and not set(hosts) & set(known) and re.match(r"\s*\(\s*\$(?:http_)?host\s+(?:=|~\*?)\s", condition):
                yield removal(source, node)


def certificates(source, site, certificate):
    live = f"/etc/letsencrypt/live/{certificate}"
    for name, file in (("ssl_certificate", "fullchain"), ("ssl_certificate_key", "privkey"), ("ssl_trusted_certificate", "chain")):
        for index, node in enumerate(named(site, name)):
            yield removal(source, node) if index else arguments(node, f"{live}/{file}.pem")
    if not named(site, "ssl_certificate"):
        listen = (listens(site, 443) or [None])[-1]
        at = listen.end if listen else site.open + 1
        indent = re.match(r"[ \t]*", source[line_start(source, listen.start):]).group() if listen else "    "
        yield at, at, "".join(
            f"\n{indent}{name} {live}/{file}.pem;" for name, file in (("ssl_certificate", "fullchain"), ("ssl_certificate_key", "privkey")))


def server_names(source, site, names):
    first, *others = named(site, "server_name") or [None]
    if first is None:
        yield site.open + 1, site.open + 1, f"\n    server_name {' '.join(names)};"
    else:
        yield arguments(first, " ".join(names))
    for node in others:
        yield removal(source, node)


def renamed(source, nodes, old, new, taken):
    dotted = r"(\\?)\.".join(old.split("."))
    for node in within(nodes):
        for word in node.words:
            for match in re.finditer(rf"(?<![A-Za-z0-9.-]){dotted}(?![A-Za-z0-9-]|\\?\.[A-Za-z0-9])", word.group(), re.I):
                start, end = word.start() + match.start(), word.start() + match.end()
                if not any(start < other[1] and other[0] < end for other in taken):
                    yield start, end, pattern([new]) if match[1] == "\\" else new


def ipv6_of_https(source, site):
    """Where there is IPv6, HTTPS is reached by it too; where there is none, nginx could not open such a socket."""
    six = [node for node in named(site, "listen") if text(node.args[0]).startswith("[")]
    if not IPV6:
        yield from (removal(source, node) for node in six if port(node) != 80)
        return
    every = next((node for node in listens(site, 443) if re.fullmatch(r"((\*|0\.0\.0\.0):)?443", text(node.args[0]))), None)
    if every and not any(port(node) == 443 for node in six):
        indent = re.match(r"[ \t]*", source[line_start(source, every.start):every.start]).group()
        words = [text(word) for word in every.args[1:] if text(word) in ("ssl", "http2", "proxy_protocol")]
        yield every.start, every.start, f"listen {' '.join(['[::]:443', *words])};\n{indent}"


def http_site(addresses):
    """With what port 80 listened on before."""
    lines = "\n    ".join(f"listen {address};" for address in addresses)
    return re.sub(r"listen [^;]*;\s*listen [^;]*;", lambda _: lines, HTTP_SITE, count=1)


def vhost(source, certificate, names):
    nodes = parse(source)
    servers = [node for node in nodes if node.name == "server" and node.nodes is not None]
    site = site_of(servers, names)
    own = set(host_names(site)) | set(names)
    others = [each for each in servers if each is not site]
    plain = [each for each in others if listens(each, 80) or not named(each, "listen")]
    http = next((each for each in plain if own & set(host_names(each))), None)
    found = [source[node.args[0].start():node.args[-1].end()] for node in listens(http or site, 80)] or ["80"]
    addresses = found if any(each.startswith("[::]") for each in found) else found + ["[::]:80"]
    addresses = [each for each in addresses if IPV6 or not each.startswith("[")]
    edits = [
        *server_names(source, site, names),
        *tests_of_the_host(source, site, names),
        *ipv6_of_https(source, site),
        *certificates(source, site, certificate),
        *(removal(source, listen) for listen in listens(site, 80)),
    ]
    former = host_names(site)[:1]
    kept = [node for node in nodes if node not in others]
    edits += list(renamed(source, kept, former[0], names[0], edits)) if former else []
    edits += gaps(source, nodes, [each for each in others if each is not http])
    block = http_site(addresses)
    if http is not None:
        edits.append((*with_comment(source, nodes, http), block))
    else:
        end = with_comment(source, nodes, site)[1]
        edits.append((end, end, "\n" + block))
    for start, end, new in sorted(edits, reverse=True):
        source = source[:start] + new + source[end:]
    return source


if __name__ == "__main__":
    sys.stdout.write(vhost(sys.stdin.read(), sys.argv[1], list(dict.fromkeys(sys.argv[2:]))))
