import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DjangoState } from '../../src/site/django.ts';
import { template } from '../../templates/index.ts';

/** As much of Django, and of what the site's settings import, as reading the settings takes. */
const MODULES = {
  'django/__init__.py': 'def get_version(): return "3.2"\ndef setup(): import django.conf\n',
  // django/conf/global_settings.py: what is in force where neither file says otherwise.
  'django/conf.py': `import importlib, os
DEFAULTS = {'EMAIL_BACKEND': 'django.core.mail.backends.smtp.EmailBackend',
            'DEFAULT_FILE_STORAGE': 'django.core.files.storage.FileSystemStorage'}
module = importlib.import_module(os.environ['DJANGO_SETTINGS_MODULE'])
class Settings:
    def __getattr__(self, name):
        if name in DEFAULTS and not hasattr(module, name): return DEFAULTS[name]
        return getattr(module, name)
settings = Settings()
`,
  'braintree.py': "class Environment:\n    Sandbox = 'sandbox'\n    Production = 'production'\n",
  'meilisearch.py': 'class Client:\n    def __init__(self, *arguments): pass\n',
  'dateutil/__init__.py': '',
  'dateutil/relativedelta.py': 'def relativedelta(**parts): return parts\n',
  'studio/__init__.py': '',
} as const;

/** @returns what the site says of settings, as the doctor asks it @param files by their names below `studio/` */
export function stateOf(files: Readonly<Record<string, string>>): DjangoState {
  const folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-settings-'));
  try {
    const named = Object.entries(files).map(([name, text]) => [`studio/${name}`, text] as const);
    for (const [name, text] of [...Object.entries(MODULES), ...named]) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const { stdout, stderr } = spawnSync('python3', ['-B', '-'], {
      cwd: folder,
      input: template('python/state.py'),
      encoding: 'utf8',
    });
    const said = stdout.split('\n@@')[1];
    if (said === undefined) throw new Error(stderr);
    return JSON.parse(said) as DjangoState;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
