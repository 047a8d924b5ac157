# BYTES SECONDS URL PATH: fetches a file to a path where nothing stands yet (or to /dev/null), within both bounds, and prints
# its SHA-256. Ends with 65 for one that is too large, with 75 for one that takes too long.
import hashlib, sys, time, urllib.request
largest, longest, url, path = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4]
end, size, digest = time.monotonic() + longest, 0, hashlib.sha256()
# "x": a link that somebody planted is not followed.
mode = "wb" if path == "/dev/null" else "xb"
with urllib.request.urlopen(url, timeout=60) as answer, open(path, mode) as file:
    while block := answer.read1(1 << 20):
        size += len(block)
        if size > largest:
            sys.exit(65)
        if time.monotonic() > end:
            sys.exit(75)
        file.write(block)
        digest.update(block)
    expected = answer.headers["Content-Length"]
    if expected and int(expected) != size:
        sys.exit(f"The connection ended after {size} of {expected} bytes.")
print(digest.hexdigest())
