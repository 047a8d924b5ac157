"""Stand-in for the Meilisearch program: the same options, keys, answers and refusals, version by version.

What it claims about Meilisearch is in target.md, section 4; `version.py` names the row of each difference.
"""
import os
import sys

import version as release
from options import read
from version import Version


def main():
    version = Version(release.NUMBER)
    options = read(version, sys.argv[1:], os.environ)
    # Asked for its version it has ended by now, and loaded nothing else: a compiled program takes no time for that.
    from serving import serve
    serve(version, options)


main()
