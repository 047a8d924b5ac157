/**
 * Settings modules as they differ over the years: names, order, nesting, quotes, indentation and line ends.
 * The shapes are those that the site's example settings went through; the texts are made up here.
 */
export interface Variant {
  readonly name: string;
  readonly source: string;
  /** What the module has, each to be given a production value. */
  readonly blocks: readonly string[];
}

type Template = readonly (keyof typeof BLOCKS)[];

const BLOCKS = {
  insecure:
    '# Local logins go over plain HTTP.\nos.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # never in production\n',
  insecureSingle: "os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n",
  secret: "# Keep this one safe\nSECRET_KEY = 'CHANGE_ME'\n",
  secretParts: "SECRET_KEY = (\n    'CHANGE'  # first half\n    '_ME'\n)\n",
  debug: 'DEBUG = True\n',
  hosts:
    "ALLOWED_HOSTS: List[str] = [\n    'localhost',\n    'studio.local',  # the development machine\n]\n",
  hostsPlain: "ALLOWED_HOSTS = ['*']\n",
  hostsEmpty: 'ALLOWED_HOSTS: List[str] = []\n',
  blenderId:
    "BLENDER_ID = {\n    # MUST end in a slash:\n    'BASE_URL': 'http://id.local:8000/',\n    'OAUTH_CLIENT': 'CHANGE_ME',\n    'OAUTH_SECRET': 'CHANGE_ME',\n    'WEBHOOK_USER_MODIFIED_SECRET': b'CHANGE_ME',\n}\n",
  blenderIdOld:
    "BLENDER_ID = {'BASE_URL': 'http://id.local:8000/', 'OAUTH_CLIENT': 'CHANGE_ME', 'OAUTH_SECRET': 'CHANGE_ME'}\n",
  database:
    "DATABASES = {\n    'default': {\n        'ENGINE': 'django.db.backends.postgresql',\n        'NAME': 'studio',\n        'USER': 'studio',\n        'PASSWORD': 'CHANGE_ME',  # psql\n        'HOST': 'localhost',\n        'PORT': '5432'\n    }\n}\n",
  databaseShort: "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'studio'}}\n",
  databaseSubscripts:
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\nDATABASES['default']['PASSWORD'] = 'CHANGE_ME'\nDATABASES['default']['NAME'] = 'studio'\n",
  databaseCall:
    "DATABASES = {\n    'default': dict(\n        ENGINE='django.db.backends.postgresql',\n        PASSWORD='CHANGE_ME',\n    ),\n}\n",
  gateways:
    "GATEWAYS = {\n    'braintree': {\n        'environment': braintree.Environment.Sandbox,\n        'merchant_id': 'CHANGE_ME',\n        'private_key': 'CHANGE_ME',\n        # Which account for which currency\n        'merchant_account_ids': {'EUR': 'CHANGE_ME', 'USD': 'CHANGE_ME'},\n    },\n}\n",
  geoip: "GEOIP2_DB = 'CHANGE-ME/GeoLite2-Country.mmdb'\n",
  captcha: "GOOGLE_RECAPTCHA_SITE_KEY = 'CHANGE_ME'\n# Empty turns it off:\nGOOGLE_RECAPTCHA_SITE_KEY = ''\n",
  meili:
    "MEILISEARCH_PUBLIC_KEY = 'CHANGE_ME'\nMEILISEARCH_PRIVATE_KEY = 'CHANGE_ME'\nMEILISEARCH_API_ADDRESS = 'http://127.0.0.1:7700'\nSEARCH_CLIENT = meilisearch.Client(MEILISEARCH_API_ADDRESS, MEILISEARCH_PRIVATE_KEY)\n",
  meiliOld:
    "MEILISEARCH_API_ADDRESS = 'http://127.0.0.1:7700'\nMEILISEARCH_PRIVATE_KEY = ''\nSEARCH_CLIENT = meilisearch.Client(MEILISEARCH_API_ADDRESS, MEILISEARCH_PRIVATE_KEY)\n",
  cloudfront:
    "AWS_CLOUDFRONT_KEY_ID = os.environ.get('AWS_CLOUDFRONT_KEY_ID')\nAWS_CLOUDFRONT_KEY = os.environ.get('AWS_CLOUDFRONT_KEY').encode('ascii')\n",
  anymail:
    "ANYMAIL = {\n    'MAILGUN_API_KEY': 'CHANGE_ME',\n    'WEBHOOK_SECRET': 'CHANGE_ME:CHANGE_ME',\n}\n# EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'\n",
  ssl: "INSTALLED_APPS += ['sslserver']\n",
  sslShared: "INSTALLED_APPS += ['sslserver', 'debug_toolbar']\n",
} as const;

const TEMPLATES: Readonly<Record<string, Template>> = {
  first: ['insecureSingle', 'secret', 'debug', 'hostsPlain', 'blenderIdOld', 'databaseShort', 'ssl'],
  early: [
    'secret',
    'debug',
    'hostsEmpty',
    'insecure',
    'blenderIdOld',
    'database',
    'geoip',
    'meiliOld',
    'sslShared',
  ],
  middle: [
    'insecure',
    'secretParts',
    'debug',
    'hosts',
    'databaseSubscripts',
    'blenderId',
    'gateways',
    'geoip',
    'captcha',
    'meili',
    'ssl',
  ],
  late: [
    'insecure',
    'secret',
    'debug',
    'hosts',
    'blenderId',
    'database',
    'gateways',
    'geoip',
    'captcha',
    'meili',
    'cloudfront',
    'anymail',
    'ssl',
  ],
  last: [
    'cloudfront',
    'meili',
    'anymail',
    'gateways',
    'databaseCall',
    'blenderId',
    'hosts',
    'debug',
    'secret',
    'insecure',
    'sslShared',
  ],
};

const HEAD =
  '"""Settings of one installation. Replace each CHANGE_ME."""\nimport os\nfrom typing import List\n\nimport braintree\nimport meilisearch\n\nfrom studio.settings_common import *  # noqa\n';

const LOOKS: Readonly<Record<string, (source: string) => string>> = {
  plain: (source) => source,
  'quotes swapped': (source) => source.replaceAll(/['"]/g, (quote) => (quote === "'" ? '"' : "'")),
  CRLF: (source) => source.replaceAll('\n', '\r\n'),
  tabs: (source) => source.replaceAll('    ', '\t'),
  'byte order mark': (source) => `\ufeff${source}`,
  'no final newline': (source) => source.replace(/\n$/, ''),
  'blank tail': (source) => `${source}\n\n  \n`,
};

function build(blocks: Template, extra: string): string {
  return [HEAD, ...blocks.map((block) => BLOCKS[block])].join('\n') + extra;
}

/** Five templates in seven looks each. */
export const VARIANTS: readonly Variant[] = Object.entries(TEMPLATES).flatMap(([template, blocks]) =>
  Object.entries(LOOKS).map(([look, change], index) => ({
    name: `${template}, ${look}`,
    source: change(
      build(
        index % 2 === 0 ? blocks : [...blocks.slice(3), ...blocks.slice(0, 3)],
        '\n# CHANGE_ME in a comment stays\n',
      ),
    ),
    blocks,
  })),
);
