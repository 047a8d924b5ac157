import { expect, test } from 'vitest';
import { parseSettings, type SettingsFile } from '../../src/python/settings-file.ts';
import { type PythonValue, pythonExpression } from '../../src/python/value.ts';
import { settingsOf } from './python.ts';
import { VARIANTS, type Variant } from './variants.ts';

const PEM = '-----BEGIN KEY-----\nAAAA+/==\nBBBB\n-----END KEY-----\n';

/** What production asks for, by the block that brings the setting. */
const WANTED: readonly [block: RegExp, path: string[], value: PythonValue][] = [
  [/^secret/, ['SECRET_KEY'], `it's "quoted" \\ and long #`],
  [/^debug/, ['DEBUG'], false],
  [/^hosts/, ['ALLOWED_HOSTS'], ['studio.example.org', 'localhost', '127.0.0.1']],
  [/^blenderId/, ['BLENDER_ID', 'BASE_URL'], 'https://id.example.org/'],
  [/^blenderId/, ['BLENDER_ID', 'OAUTH_SECRET'], 'o-secret'],
  [/^blenderId$/, ['BLENDER_ID', 'WEBHOOK_USER_MODIFIED_SECRET'], 'wh-secret'],
  [/^blenderId/, ['BLENDER_ID', 'BADGER_API_SECRET'], 'added'],
  [/^database/, ['DATABASES', 'default', 'PASSWORD'], 'p"w\'d'],
  [
    /^database/,
    ['DATABASES', 'default', 'OPTIONS'],
    new Map<string, PythonValue>([
      ['sslmode', 'require'],
      ['n', 3],
    ]),
  ],
  [
    /^gateways/,
    ['GATEWAYS', 'braintree', 'environment'],
    pythonExpression('braintree.Environment.Production'),
  ],
  [/^gateways/, ['GATEWAYS', 'braintree', 'merchant_account_ids', 'USD'], 'usd-account'],
  [/^gateways/, ['GATEWAYS', 'braintree', 'merchant_account_ids', 'GBP'], 'gbp-account'],
  [/^geoip/, ['GEOIP2_DB'], '/var/lib/GeoLite2-Country.mmdb'],
  [/^captcha/, ['GOOGLE_RECAPTCHA_SITE_KEY'], 'site-key'],
  [/^meili/, ['MEILISEARCH_PUBLIC_KEY'], 'public'],
  [/^meili/, ['MEILISEARCH_PRIVATE_KEY'], 'private'],
  [/^meili/, ['MEILISEARCH_API_ADDRESS'], 'https://studio.example.org/s/'],
  [/^cloudfront/, ['AWS_CLOUDFRONT_KEY'], PEM],
  [/^anymail/, ['ANYMAIL', 'WEBHOOK_SECRET'], 'user:word'],
  [/^/, ['COCONUT_API_KEY'], 'appended'],
];

function wantedFor({ blocks }: Variant) {
  return WANTED.filter(([block]) => blocks.some((own) => block.test(own)));
}

function produce(file: SettingsFile, variant: Variant): SettingsFile {
  return wantedFor(variant)
    .reduce((own, [, path, value]) => own.set(path, value), file)
    .commentOut(['os.environ', 'OAUTHLIB_INSECURE_TRANSPORT'])
    .removeFromList(['INSTALLED_APPS'], 'sslserver');
}

const PRODUCED = VARIANTS.map((variant) => ({
  variant,
  file: produce(parseSettings(variant.source), variant),
}));
const RUN = settingsOf(PRODUCED.map(({ file }) => file.source));

function reported(value: PythonValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, own]) => [key, reported(own)]));
  return value === WANTED[9]?.[2] ? 'production' : value;
}

test('there are at least 29 variants, and no two alike', () => {
  expect(new Set(VARIANTS.map(({ source }) => source)).size).toBe(VARIANTS.length);
  expect(VARIANTS.length).toBeGreaterThanOrEqual(29);
});

test.each(PRODUCED.map(({ variant, file }, index) => ({ ...variant, variant, file, index })))(
  '$name: Python sees every wanted value',
  ({ variant, index }) => {
    const names = RUN[index] ?? {};
    for (const [, path, value] of wantedFor(variant)) {
      const actual = path.reduce<unknown>((own, key) => (own as Record<string, unknown>)[key], names);
      const bytes =
        path.at(-1) === 'WEBHOOK_USER_MODIFIED_SECRET'
          ? { bytes: [...Buffer.from(String(value))] }
          : undefined;
      expect(actual, path.join('.')).toEqual(bytes ?? reported(value));
    }
    expect(names.insecure).toBeNull();
    expect(names.INSTALLED_APPS).not.toContain('sslserver');
    expect(names.INSTALLED_APPS).toContain('search');
    if (variant.blocks.includes('sslShared')) expect(names.INSTALLED_APPS).toContain('debug_toolbar');
    if (variant.blocks.some((block) => block.startsWith('meili'))) {
      expect(names.SEARCH_CLIENT).toEqual(['https://studio.example.org/s/', 'private']);
    }
  },
);

test.each(PRODUCED)('$variant.name: a second time changes nothing', ({ variant, file }) => {
  expect(produce(file, variant)).toBe(file);
  expect(produce(parseSettings(file.source), variant).source).toBe(file.source);
});

test.each(PRODUCED)(
  '$variant.name: comments, order, line ends and untouched lines survive',
  ({ variant, file }) => {
    const lines = (source: string): string[] => source.match(/[^\r\n]*(?:\r\n|\r|\n|$)/g) ?? [];
    const touched =
      /SECRET_KEY|CHANGE|_ME'|DEBUG|ALLOWED|OAUTH|BASE_URL|local|DATABASES|PASSWORD|PORT|environment|merchant_account|GEOIP|RECAPTCHA|MEILI|AWS_CLOUDFRONT_KEY =|sslserver|_SECRET|Sandbox|^$|_ME"/;
    const kept = lines(variant.source).filter((line) => !touched.test(line));
    let at = 0;
    const result = lines(file.source);
    for (const line of kept) {
      const found = result.indexOf(line, at);
      expect(found, `lost or moved: ${JSON.stringify(line)}`).not.toBe(-1);
      at = found + 1;
    }
    const comments = (source: string) =>
      [...source.matchAll(/# [\w: ]+/g)].map(([comment]) => comment.trim());
    const after = comments(file.source);
    for (const comment of comments(variant.source)) expect(after).toContain(comment);
    expect(file.source.startsWith('\ufeff')).toBe(variant.source.startsWith('\ufeff'));
    if (variant.source.includes('\r\n')) expect(file.source).not.toMatch(/[^\r]\n/);
    else expect(file.source).not.toContain('\r');
    expect(/\n$/.test(file.source)).toBe(/\n$/.test(variant.source));
  },
);

test.each(PRODUCED)('$variant.name: no placeholder of a wanted setting is left', ({ variant, file }) => {
  const wanted = wantedFor(variant).map(([, path]) => path.join('.'));
  const left = file.placeholders().filter(({ overridden }) => !overridden);
  expect(left.map(({ path }) => path.join('.')).filter((path) => wanted.includes(path))).toEqual([]);
  expect(left.every(({ path }) => path.length > 0)).toBe(true);
});
