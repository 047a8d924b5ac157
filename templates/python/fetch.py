# URL PATH: fetches a file to a path where nothing stands yet.
import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=60) as answer, open(sys.argv[2], "xb") as file:
    shutil.copyfileobj(answer, file)
