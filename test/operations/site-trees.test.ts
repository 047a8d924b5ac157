import { expect, test } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { isLater } from '../../src/engine/operation.ts';
import { notInheriting } from '../../src/operations/in-virtualenv.ts';
import { treesInOrder } from '../../src/operations/site-trees.ts';
import { CHECKOUT, CONFIG, VENV, WWW } from '../../src/site/layout.ts';
import ownership from '../../steps/ownership.ts';
import { coreutils } from '../host/fake/coreutils.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';

const FOLDER = { folder: true, owner: 'www-data', mode: 0o2755 } as const;
const FILE = { text: 'x', owner: 'www-data' } as const;
const SITE = {
  [WWW]: FOLDER,
  [CHECKOUT]: FOLDER,
  [`${CHECKOUT}/manage.py`]: FILE,
  [CONFIG]: FOLDER,
  [VENV]: FOLDER,
  [`${VENV}/bin`]: FOLDER,
  [`${VENV}/bin/python`]: { link: '/usr/bin/python3', owner: 'www-data' },
  // What others made beside the site's own folders is not the site's account's.
  [`${WWW}/html`]: { folder: true, group: 'www-data', mode: 0o2755 },
  [`${WWW}/html/index.html`]: { text: 'x' },
} as const;

function site(files: Parameters<FakeHost['arrange']>[0] = SITE) {
  const host = new FakeHost();
  host.arrange(files);
  const programs = coreutils(host);
  let looks = 0;
  host.programs.add((call) => {
    if (call.argv[0] === 'find') looks += 1;
    return programs(call);
  });
  return { host, looks: () => looks };
}

/** @returns ids of the operations that would change something, and what each found */
async function missing(host: FakeHost): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const operation of ownership.operations(new Answers())) {
    const observation = await operation.observe(host);
    if (observation !== undefined && !isLater(observation))
      found[operation.id] = /\((.*)\)$/.exec(observation.summary)?.[1] ?? '';
  }
  return found;
}

test('a site in order takes two looks, whoever asks', async () => {
  const { host, looks } = site();
  expect(await missing(host)).toEqual({});
  expect(await notInheriting(host)).toBeUndefined();
  expect(looks()).toBe(2);
});

test.each([
  ['of root', `${CHECKOUT}/new.py`, { text: 'x' }, ['ownership/checkout']],
  ['of another group', `${CONFIG}/new`, { ...FILE, group: 'root' }, ['ownership/config']],
  ['of root', `${VENV}/bin/tool`, { text: 'x' }, ['ownership/venv']],
  ['that does not inherit', `${VENV}/lib`, { ...FOLDER, mode: 0o755 }, ['ownership/setgid']],
  ['of another group', `${WWW}/data.ms`, { ...FOLDER, group: 'root' }, ['ownership/groups']],
  ['that does not inherit', `${WWW}/data.ms`, { ...FOLDER, mode: 0o755 }, ['ownership/setgid']],
  ['that does not inherit', WWW, { ...FOLDER, mode: 0o755 }, ['ownership/setgid']],
] as const)('an entry %s, %s, is named by who asks for it', async (_, file, entry, ids) => {
  const { host } = site({ ...SITE, [file]: entry });
  expect(await treesInOrder(host)).toBe(false);
  expect(await missing(host)).toEqual(Object.fromEntries(ids.map((id) => [id, file])));
});

test('the virtualenv behind the link that an update made', async () => {
  const { [VENV]: _, [`${VENV}/bin`]: __, [`${VENV}/bin/python`]: ___, ...rest } = SITE;
  const made = `${WWW}/venv-0123456789ab`;
  const link = { link: 'venv-0123456789ab', owner: 'www-data' } as const;
  const { host } = site({ ...rest, [VENV]: link, [made]: FOLDER, [`${made}/tool`]: FILE });
  expect(await treesInOrder(host)).toBe(true);
  host.arrange({ [`${made}/tool`]: { text: 'x' } });
  host.forget();
  expect(await missing(host)).toEqual({ 'ownership/venv': `${made}/tool` });
});

test('a path that is a pattern to find(1), and one that is not there, are looked at alone', async () => {
  const { [CONFIG]: _, ...rest } = SITE;
  // Only in a folder of root's is a link followed to another disk.
  const roots = { folder: true, group: 'www-data', mode: 0o2755 } as const;
  const { host } = site({
    ...{ ...rest, [WWW]: roots, [CONFIG]: { link: '/srv/w*' } },
    ...{ '/srv': { folder: true }, '/srv/w*': FOLDER, '/srv/w*/own': { text: 'x' } },
  });
  expect(await treesInOrder(host)).toBe(false);
  expect(await missing(host)).toEqual({ 'ownership/config': '/srv/w*/own' });
  expect(await treesInOrder(site(rest).host)).toBe(false);
});

test('that it could not be told is said by who asks', async () => {
  const { host } = site();
  host.programs.add(when(/^find /, () => ({ code: 1, stderr: 'find: /var/www: Input/output error\n' })));
  expect(await treesInOrder(host)).toBe(false);
  await expect(missing(host)).rejects.toThrow(/could not be read: .*Input\/output error/);
});
