import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DjangoState } from '../../src/site/django.ts';
import { template } from '../../templates/index.ts';

/**
 * As much of Django as the question about static files uses, with three storages as Django and its packages have them:
 * - StaticFilesStorage: a folder (django/contrib/staticfiles/storage.py).
 * - ManifestStaticFilesStorage: `stored_name` and `url` raise ValueError for what a strict manifest lacks (there,
 *   ManifestFilesMixin.stored_name). WhiteNoise's takes the originals away after that (WHITENOISE_KEEP_ONLY_HASHED_FILES).
 * - Any other server's: `path` raises NotImplementedError (django/core/files/storage/base.py, Storage.path).
 */
const DJANGO = {
  'django/__init__.py': 'def get_version(): return "3.2"\ndef setup(): pass\n',
  'django/conf.py':
    'import importlib, os\nsettings = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])\n',
  'django/contrib/__init__.py': '',
  'django/contrib/staticfiles/__init__.py': '',
  'django/contrib/staticfiles/finders.py': `import os
class Storage:
    def path(self, name): return os.path.join('source', name)
class Finder:
    def list(self, ignored): return [(name, Storage()) for name in sorted(os.listdir('source'))]
def get_finders(): return [Finder()]
`,
  'django/contrib/staticfiles/storage.py': `import os
from django.conf import settings
class StaticFilesStorage:
    def path(self, name): return os.path.join(settings.STATIC_ROOT, name)
    def url(self, name): return settings.STATIC_URL + name
    def exists(self, name): return os.path.exists(self.path(name))
class ManifestStaticFilesStorage(StaticFilesStorage):
    def stored_name(self, name):
        if name not in settings.MANIFEST: raise ValueError("Missing staticfiles manifest entry for '%s'" % name)
        return settings.MANIFEST[name]
    def url(self, name): return settings.STATIC_URL + self.stored_name(name)
class BucketStorage(StaticFilesStorage):
    def path(self, name): raise NotImplementedError("This backend doesn't support absolute paths.")
    def exists(self, name): return name in settings.BUCKET
staticfiles_storage = globals()[settings.STORAGE]()
`,
  'studio/__init__.py': '',
} as const;

let folder: string;
const put = (name: string, text: string, age = 0) => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  const at = 1_700_000_000 - age;
  utimesSync(file, at, at);
};
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-state-'));
  for (const [name, text] of Object.entries(DJANGO)) put(name, text);
  put('source/site.css', 'a {}', 100);
  put('source/site.js', '1', 100);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param more what else settings.py does */
function asked(settings: Readonly<Record<string, unknown>>, more = ''): DjangoState {
  const all = {
    ...{ DEBUG: false, STATIC_URL: '/static/', STATIC_ROOT: 'root', MEDIA_URL: '', MEDIA_ROOT: '' },
    ...{ STORAGE: 'StaticFilesStorage', MANIFEST: {}, BUCKET: [], ...settings },
  };
  put(
    'studio/settings.py',
    `import json\nglobals().update(json.loads(r'''${JSON.stringify(all)}'''))\n${more}`,
  );
  const { stdout, signal } = spawnSync('python3', ['-B', '-'], {
    cwd: folder,
    input: template('python/state.py'),
    timeout: 20_000,
  });
  expect(signal).toBeNull();
  return JSON.parse(String(stdout).split('\n@@')[1] ?? '') as DjangoState;
}

const collected = () => {
  put('root/site.css', 'a {}');
  put('root/site.js', '1');
};
const hashed = () => {
  put('root/site.1a2b.css', 'a{}');
  put('root/site.3c4d.js', '1');
};
const MANIFEST = { 'site.css': 'site.1a2b.css', 'site.js': 'site.3c4d.js' };

describe('static files: what is missing, and a style sheet to fetch', () => {
  it.each<[string, () => void, Readonly<Record<string, unknown>>, number, string | undefined]>([
    ['a folder, nothing collected', () => {}, {}, 2, '/static/site.css'],
    ['a folder, all collected', collected, {}, 0, '/static/site.css'],
    [
      'a source that is newer',
      () => [collected(), put('source/site.js', '2', -100)],
      {},
      1,
      '/static/site.css',
    ],
    ['a copy that was cut off', () => [collected(), put('root/site.css', 'a')], {}, 1, '/static/site.css'],
    ['another host', collected, { STATIC_URL: 'https://cdn.example.org/' }, 0, undefined],
    ['another host, without a scheme', collected, { STATIC_URL: '//cdn.example.org/' }, 0, undefined],
    [
      'a manifest beside the originals',
      () => [collected(), hashed()],
      { STORAGE: 'ManifestStaticFilesStorage', MANIFEST },
      0,
      '/static/site.1a2b.css',
    ],
    [
      'a manifest, of which only the copies are kept',
      hashed,
      { STORAGE: 'ManifestStaticFilesStorage', MANIFEST },
      0,
      '/static/site.1a2b.css',
    ],
    [
      'a manifest whose copies are older than a source',
      () => [hashed(), put('source/site.js', '2', -100)],
      { STORAGE: 'ManifestStaticFilesStorage', MANIFEST },
      1,
      '/static/site.1a2b.css',
    ],
    ['a manifest, nothing collected', () => {}, { STORAGE: 'ManifestStaticFilesStorage' }, 3, undefined],
    [
      'a bucket, nothing collected',
      () => {},
      { STORAGE: 'BucketStorage', STATIC_URL: 'https://b/' },
      2,
      undefined,
    ],
    [
      'a bucket, all collected',
      () => {},
      { STORAGE: 'BucketStorage', STATIC_URL: 'https://b/', BUCKET: ['site.css', 'site.js'] },
      0,
      undefined,
    ],
  ])('%s', (_, arrange, settings, missing, sample) => {
    arrange();
    const { static: found } = asked(settings);
    expect([found?.missing, found?.sample]).toEqual([missing, sample]);
  });

  it('are told whole, and at once where the site has begun a thread that goes on', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `cut-off-${index}.css`);
    for (const name of names) {
      put(`source/${name}`, 'a {}', 100);
      put(`root/${name}`, 'a', 100);
    }
    collected();
    const thread = 'import threading, time\nthreading.Thread(target=time.sleep, args=[60]).start()\n';
    expect(asked({}, thread).static?.cutOff.toSorted()).toEqual(names.toSorted());
  });

  it.each([
    ['both', { MEDIA_URL: '/media/', MEDIA_ROOT: '/srv/media' }, ['/static/', '/media/']],
    ['uploads without a folder here', { MEDIA_URL: 'https://b/', MEDIA_ROOT: '' }, ['/static/']],
    ['no folder for static files', { STATIC_ROOT: null }, []],
  ])('addresses and folders: %s', (_, settings, urls) => {
    expect(asked(settings).served?.map(({ url }) => url)).toEqual(urls);
  });
});
