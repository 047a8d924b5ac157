# Copy this file to settings.py, and change what differs on your host.
from typing import List
import os

from dateutil.relativedelta import relativedelta
import braintree
import meilisearch

from studio.settings_common import *

# Lets OAuth work without TLS: for development only, NEVER in production
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

# SECURITY WARNING: keep the secret key used in production secret!
SECRET_KEY = 'CHANGE_ME'

# SECURITY WARNING: don't run with debug turned on in production!
DEBUG = True

ALLOWED_HOSTS: List[str] = [
    'studio.local',
    'localhost',
]

# Serves development over HTTPS: ./manage.py runsslserver
INSTALLED_APPS += ['sslserver']

BLENDER_ID = {
    # Must end in a slash
    'BASE_URL': 'http://id.local:8000/',
    'OAUTH_CLIENT': 'CHANGE_ME',
    'OAUTH_SECRET': 'CHANGE_ME',
    'WEBHOOK_USER_MODIFIED_SECRET': b'CHANGE_ME',
    'BADGER_API_OAUTH_CLIENT': "CHANGE_ME",
    'BADGER_API_OAUTH_SECRET': "CHANGE_ME",
    'BADGER_API_USER_TOKEN': "CHANGE_ME",
    'BADGER_API_ACCESS_TOKEN': "CHANGE_ME",
}

# Database
DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.postgresql',
        'NAME': 'studio',
        'USER': 'studio',
        'PASSWORD': 'CHANGE_ME',  # see "Development setup"
        'HOST': 'localhost',
        'PORT': '5432',
    }
}

# Payments
GATEWAYS = {
    'braintree': {
        'environment': braintree.Environment.Sandbox,
        'merchant_id': 'CHANGE_ME',
        'public_key': 'CHANGE_ME',
        'private_key': 'CHANGE_ME',
        # One merchant account for each currency
        'merchant_account_ids': {'EUR': 'CHANGE_ME', 'USD': 'CHANGE_ME'},
    },
    # No settings, but the key has to be there
    'bank': {},
}
SUBSCRIPTION_GRACE_PERIOD = relativedelta(days=14)

# Currency and taxes are guessed from the visitor's country
GEOIP2_DB = 'CHANGE-ME/GeoLite2-Country.mmdb'

GOOGLE_RECAPTCHA_SITE_KEY = 'CHANGE_ME'
GOOGLE_RECAPTCHA_SECRET_KEY = 'CHANGE_ME'

# Search
MEILISEARCH_PUBLIC_KEY = 'CHANGE_ME'
MEILISEARCH_PRIVATE_KEY = 'CHANGE_ME'
MEILISEARCH_API_ADDRESS = 'http://localhost:7700'
SEARCH_CLIENT = meilisearch.Client(MEILISEARCH_API_ADDRESS, MEILISEARCH_PRIVATE_KEY)

# Storage
AWS_ACCESS_KEY_ID = 'CHANGE_ME'
AWS_SECRET_ACCESS_KEY = 'CHANGE_ME'
AWS_STORAGE_BUCKET_NAME = "studio-development"
AWS_CLOUDFRONT_KEY_ID = os.environ.get('AWS_CLOUDFRONT_KEY_ID')
AWS_CLOUDFRONT_KEY = os.environ.get('AWS_CLOUDFRONT_KEY').encode('ascii')

# Video encoding
COCONUT_API_KEY = 'CHANGE_ME'
COCONUT_DECLARED_HOSTNAME = "https://studio.local"

# Leave empty to keep development out of the statistics
GOOGLE_ANALYTICS_TRACKING_ID = ''

# No reCAPTCHA in development
GOOGLE_RECAPTCHA_SITE_KEY = ''
GOOGLE_RECAPTCHA_SECRET_KEY = ''

# Mail
MAILGUN_API_KEY = 'CHANGE_ME'
MAILGUN_SENDER_DOMAIN = 'mail.studio.local'
MAILGUN_WEBHOOK_SIGNING_KEY = 'CHANGE_ME'
ANYMAIL = {
    'MAILGUN_API_KEY': MAILGUN_API_KEY,
    'MAILGUN_SENDER_DOMAIN': MAILGUN_SENDER_DOMAIN,
    'MAILGUN_WEBHOOK_SIGNING_KEY': 'CHANGE_ME',
    # What Mailgun logs in to our webhook with, user:password
    'WEBHOOK_SECRET': 'CHANGE_ME:CHANGE_ME',
}
# EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'
EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'
DEFAULT_FROM_EMAIL = "Blender Studio <webmaster@studio.local>"
