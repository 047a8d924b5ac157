# The key that was in force before stands in it: it comes by standard input, and of the key itself only a sum goes out.
import hashlib, json
from django.conf import settings
from django.core import signing
taken = True
try:
    signing.loads(signing.dumps('probe', key=json.loads(OTHER)))
except signing.BadSignature:
    taken = False
answer({'sum': hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest(), 'taken': taken})
