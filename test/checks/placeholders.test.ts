import { describe, expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { SKIPPED_SETTINGS } from '../../src/answers/saved.ts';
import { placeholders } from '../../src/checks/placeholders.ts';
import { isLater } from '../../src/engine/operation.ts';
import { Secret } from '../../src/output/secret.ts';
import { parseSettings } from '../../src/python/settings-file.ts';
import { SETTINGS, SITE_USER, VENV } from '../../src/site/layout.ts';
import { placeholderQuestions } from '../../src/site/placeholder-questions.ts';
import settings from '../../steps/settings.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';

/** As the first run leaves it: what is asked of every site is set, and the rest (target.md, trap 15) nobody was asked for. */
const LEFT = `ALLOWED_HOSTS = ['studio.example.org']
BLENDER_ID = {'ACCESS_TOKEN': 'CHANGE_ME'}
DATABASES = {
    'default': {'NAME': 'studio', 'USER': 'studio', 'PASSWORD': 'sample-password', 'HOST': 'localhost', 'PORT': '5432'},
    'archive': {'PASSWORD': 'CHANGE_ME'},
}
DEBUG = False
MEILISEARCH_PUBLIC_KEY = 'CHANGE_ME'
MEILISEARCH_EXPORT_KEY = 'CHANGE_ME'
SECRET_KEY = 'sample-secret-key-of-this-site'
SECRET_KEY_OF_CLOUD = 'CHANGE_ME'
`;
const IDS = [
  'setting.BLENDER_ID.ACCESS_TOKEN',
  'setting.DATABASES.archive.PASSWORD',
  'setting.MEILISEARCH_EXPORT_KEY',
  'setting.SECRET_KEY_OF_CLOUD',
];
const answers = [
  ['domain', 'studio.example.org'],
  ['database.name', 'studio'],
  ['database.user', 'studio'],
  ['database.host', 'localhost'],
  ['database.port', '5432'],
].reduce((all, [id = '', value = '']) => all.with(id, value, 'file'), new Answers());

function firstRun(): FakeHost {
  const host = new FakeHost();
  const site = { owner: SITE_USER, group: SITE_USER } as const;
  host.arrange({
    [SETTINGS.slice(0, SETTINGS.lastIndexOf('/'))]: { folder: true, ...site },
    [SETTINGS]: { text: LEFT, mode: 0o640, ...site },
    [`${VENV}/bin/python`]: { text: '', mode: 0o755, ...site },
  });
  // templates/python/state.py: settings that import.
  host.programs.add(when(/\/bin\/python -$/, () => '\n@@{"checks": []}\n'));
  return host;
}

const operation = (id: string, given: Answers) =>
  settings.operations(given).find((each) => each.id === id) ?? expect.unreachable();

describe('placeholders that nobody could be asked for, as the checkout came in the same run', () => {
  it('the run warns of each, by the id of its answer', async () => {
    const host = firstRun();
    await operation('settings/import', answers).observe(host);
    for (const id of IDS) expect(host.warnings.join()).toContain(id);
    expect(host.warnings.join()).toContain('studio-setup run settings');
    expect(host.warnings.join()).not.toContain('PUBLIC_KEY');
  });

  it('the check that ends the run fails, and names them with what to do', async () => {
    const result = await placeholders.run(firstRun(), answers);
    expect(result.ok).toBe(false);
    for (const id of IDS) expect(result).toHaveProperty('remedy', expect.stringContaining(id));
    expect(result).toHaveProperty('remedy', expect.stringContaining('studio-setup run settings meilisearch'));
  });

  it('what it says works: they are asked at the next start, and set', async () => {
    const host = firstRun();
    expect(placeholderQuestions(parseSettings(LEFT)).map(({ id }) => id)).toEqual(IDS);
    const given = IDS.reduce((all, id) => all.with(id, new Secret(`sample-${id}`), 'file'), answers);
    const change = await operation('settings/production', given).observe(host);
    if (change === undefined || isLater(change)) throw new TypeError('Nothing to do');
    await change.apply(host);
    const search = 'MEILISEARCH_PUBLIC_KEY (line 8)';
    expect(await placeholders.run(host, given)).toMatchObject({
      said: `CHANGE_ME is left in ${SETTINGS}: ${search}.`,
    });
  });

  it('or `skip` is remembered, and no failure', async () => {
    const host = firstRun();
    host.remember(SKIPPED_SETTINGS, IDS.join(' '));
    await operation('settings/import', answers).observe(host);
    // Neither left over nor a warning: the report of the run names all that was skipped.
    expect(host.warnings).toEqual([]);
    const result = await placeholders.run(host, answers);
    expect(JSON.stringify(result)).not.toContain('setting.');
  });
});
