import { describe, expect, it } from 'vitest';
import { iniValue } from '../../src/configs/ini.ts';
import { execStartProgram } from '../../src/configs/service.ts';
import { isLater } from '../../src/engine/operation.ts';
import { debianFamily, suitablePython } from '../../src/requirements/system.ts';
import { DEPLOY, SITE_USER, UNITS, UWSGI_INI, VENV } from '../../src/site/layout.ts';
import {
  BROUGHT,
  needsManagedPython,
  PIP,
  PYUWSGI,
  SETUPTOOLS,
  SYSTEM_PYTHON,
} from '../../src/site/python.ts';
import { Apt } from '../host/fake/apt.ts';
import { coreutils } from '../host/fake/coreutils.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { Git } from '../operations/git.ts';
import {
  BUILT,
  DEBIAN_12,
  DEBIAN_13,
  openTo,
  Pythons,
  type Release,
  UBUNTU_22,
  UBUNTU_24,
  UBUNTU_26,
} from '../site/pythons.ts';
import { asSite, BRINGS, INHERIT, operation, PINS, PYUWSGI_INSTALL } from './python-commands.ts';

/** All that has to do with the site's Python, in the order of a run. */
const OPERATIONS = [
  'virtualenv/python',
  'virtualenv/create',
  'virtualenv/pip',
  'configuration-files/studio.service',
  'uwsgi/packages',
  'uwsgi/pyuwsgi',
  'uwsgi/uwsgi_studio.ini',
];

/** The repository's own files, as target.md 2 has them. */
const INI = `[uwsgi]
chdir = /var/www/blender-studio
module = studio.wsgi
plugin = python38
virtualenv = ${VENV}
master = true
`;
const SERVICE = `[Service]
Type=notify
User=www-data
ExecStart=/usr/bin/uwsgi --ini ${UWSGI_INI}
KillSignal=SIGQUIT
[Install]
WantedBy=multi-user.target
`;

interface Machine {
  readonly host: FakeHost;
  readonly pythons: Pythons;
  readonly apt: Apt;
}

function machine(
  release: Release,
  more: (machine: Machine) => void = ({ pythons }) => pythons.install(),
): Machine {
  const host = new FakeHost();
  host.programs.add(coreutils(host));
  const apt = new Apt(host);
  for (const name of ['uwsgi-core', 'uwsgi-plugin-python3']) apt.sources.add(name);
  const site = { owner: SITE_USER } as const;
  host.arrange({
    '/var/www': { folder: true, ...site, mode: 0o2755 },
    '/var/www/config': { folder: true, ...site, mode: 0o2755 },
  });
  new Git(host).put('/var/www/blender-studio', 'production', 'https://git.example.org/site.git');
  host.arrange({
    [`${DEPLOY}${UWSGI_INI}`]: { text: INI, ...site },
    [`${DEPLOY}${UNITS}/studio.service`]: { text: SERVICE, ...site },
    // Both names of the plugin that uwsgi-plugin-python3 brings.
    [`/usr/lib/uwsgi/plugins/${release.plugin}_plugin.so`]: '',
    '/usr/lib/uwsgi/plugins/python3_plugin.so': { link: `${release.plugin}_plugin.so` },
  });
  const made = { host, apt, pythons: new Pythons(host, release) };
  more(made);
  return made;
}

/** Carries out what is missing, one after the other; then nothing is. @returns ids of what there was to do */
async function run({ host }: Machine, ids: readonly string[] = OPERATIONS): Promise<readonly string[]> {
  const done: string[] = [];
  for (const id of ids) {
    const change = await operation(id).observe(host);
    if (change === undefined) continue;
    if (isLater(change)) throw new Error(`${id}: ${change.later}`);
    await change.apply(host);
    host.forget();
    done.push(id);
  }
  for (const id of ids) expect(await operation(id).observe(host), `${id} again`).toBeUndefined();
  return done;
}

const create = (python: string) => [asSite(`virtualenv -p ${python} ${VENV}`), INHERIT];

describe.each([
  { release: DEBIAN_12, brings: false },
  { release: UBUNTU_22, brings: false },
  { release: UBUNTU_24, brings: true },
  { release: DEBIAN_13, brings: true },
  { release: UBUNTU_26, brings: true },
])('$release.name with Python $release.python', ({ release, brings }) => {
  it('is a release that the site runs on', async () => {
    const { host } = machine(release);
    await debianFamily(host);
    await suitablePython(host);
    expect(await needsManagedPython(host)).toBe(brings);
  });

  it(brings ? "gets a Python of its own, root's alone" : 'has the Python of the site', async () => {
    const made = machine(release);
    await run(made);
    const { host, pythons } = made;
    expect(host.ran).toEqual(
      brings
        ? [...BRINGS, ...create(BUILT), ...PINS, ...PYUWSGI_INSTALL]
        : [
            ...create(SYSTEM_PYTHON),
            'apt-get update -q',
            expect.stringMatching(/^apt-get install .* uwsgi-core uwsgi-plugin-python3$/),
          ],
    );
    expect(pythons.packages(VENV)).toEqual(
      brings
        ? { pip: PIP, setuptools: SETUPTOOLS, pyuwsgi: PYUWSGI }
        : { pip: release.pip, setuptools: release.setuptools },
    );
    const version = brings ? '3.11' : release.python;
    expect(host.tree.find(`${VENV}/lib/python${version}/site-packages`)?.mode).toBe(0o2755);
    expect(host.tree.below('/opt').includes(BROUGHT)).toBe(brings);
    expect(openTo(host)).toEqual([]);
  });

  it('starts the site with the uWSGI that can run it', async () => {
    const made = machine(release);
    await run(made);
    const { host, apt } = made;
    const ini = host.tree.read(UWSGI_INI).toString();
    const unit = host.tree.read(`${UNITS}/studio.service`).toString();
    expect(ini).toBe(
      brings
        ? `${INI.replace('plugin = python38\n', '')}binary-path = ${VENV}/bin/pyuwsgi\n`
        : INI.replace('python38', release.plugin),
    );
    expect(iniValue(ini, 'plugin')).toBe(brings ? undefined : release.plugin);
    expect(execStartProgram(unit)).toBe(brings ? `${VENV}/bin/pyuwsgi` : '/usr/bin/uwsgi');
    expect(unit).toBe(SERVICE.replace('/usr/bin/uwsgi', execStartProgram(unit) ?? ''));
    expect(host.tree.find(execStartProgram(unit) ?? '') !== undefined).toBe(brings);
    expect(apt.states.get('uwsgi-plugin-python3')).toBe(brings ? undefined : 'installed');
  });

  it('without Python yet waits for the packages, then goes the same way', async () => {
    const made = machine(release, () => {});
    const { host, pythons } = made;
    await suitablePython(host);
    expect(await operation('virtualenv/python').observe(host)).toMatchObject({
      later: "needs the distribution's packages",
    });
    pythons.install();
    host.forget();
    expect(await run(made)).toEqual(
      OPERATIONS.filter((id) =>
        brings
          ? id !== 'uwsgi/packages'
          : !['virtualenv/python', 'virtualenv/pip', 'uwsgi/pyuwsgi'].includes(id),
      ),
    );
  });
});

describe('a virtualenv that is there', () => {
  const existing =
    (python: string) =>
    ({ host, pythons }: Machine) => {
      pythons.install();
      host.arrange({ [python]: { text: '', mode: 0o755 } });
      pythons.put(VENV, python, SITE_USER);
      // As the document's last command leaves it: find /var/www -type d -exec chmod g+s {} +
      for (const folder of host.tree.below(VENV))
        if (host.tree.find(folder)?.type === 'directory')
          host.arrange({ [folder]: { folder: true, owner: SITE_USER, mode: 0o2755 } });
    };
  const VIRTUALENV = OPERATIONS.filter((id) => id.startsWith('virtualenv/'));

  it.each([
    { release: DEBIAN_13, python: '/usr/bin/python3.13', version: '3.13' },
    { release: UBUNTU_24, python: '/usr/bin/python3.12', version: '3.12' },
    { release: DEBIAN_12, python: '/usr/local/bin/python3.12', version: '3.12' },
    { release: DEBIAN_12, python: '/usr/local/bin/python3.7', version: '3.7' },
  ])(
    'of Python $version on $release.name is refused, and what to do is said',
    async ({ release, python, version }) => {
      const { host } = machine(release, existing(python));
      const refused = await operation('virtualenv/create')
        .observe(host)
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({
        problem: {
          what: `${VENV} uses Python ${version}; the site runs on 3.8 to 3.11.`,
          remedy: `Move the virtualenv away (mv ${VENV} ${VENV}.old), then run again: a new one is created.`,
        },
      });
      expect(host.ran).toEqual([]);
    },
  );

  it.each([
    { release: DEBIAN_12, python: '/usr/local/bin/python3.9', todo: [] },
    { release: DEBIAN_12, python: '/usr/bin/python3.11', todo: [] },
    { release: DEBIAN_13, python: '/usr/local/bin/python3.9', todo: ['virtualenv/python', 'virtualenv/pip'] },
  ])('of $python on $release.name serves; to do: $todo', async ({ release, python, todo }) => {
    const made = machine(release, existing(python));
    expect(await run(made, VIRTUALENV)).toEqual(todo);
    expect(made.host.tree.find(`${VENV}/bin/python`)).toMatchObject({ target: python });
  });

  it('whose folders do not hand on their group, as after a run that was cut off, is not made again', async () => {
    const made = machine(DEBIAN_12, ({ host, pythons }) => {
      pythons.install();
      host.arrange({ '/usr/bin/python3.11': { text: '', mode: 0o755 } });
      pythons.put(VENV, '/usr/bin/python3.11', SITE_USER);
    });
    expect(await run(made, VIRTUALENV)).toEqual(['virtualenv/create']);
    expect(made.host.ran).toEqual([INHERIT]);
  });

  it('that was cut off before pip came is made again', async () => {
    const made = machine(DEBIAN_12, (each) => {
      existing('/usr/bin/python3.11')(each);
      each.host.arrange({ [`${VENV}/lib/python3.11/site-packages/pip-23.0.1.dist-info`]: null });
    });
    expect(await run(made, VIRTUALENV)).toEqual(['virtualenv/create']);
  });
});

describe('a release that is not for the site', () => {
  it.each([
    ['Fedora', 'PRETTY_NAME="Fedora Linux 43"\nID=fedora\n', /runs Fedora Linux 43; the document/],
    ['nothing that says', '', /runs neither Debian nor Ubuntu/],
  ])('%s', async (_, osRelease, what) => {
    const { host } = machine({ ...DEBIAN_12, osRelease });
    await expect(debianFamily(host)).rejects.toThrow(what);
  });

  it('one that is made from Ubuntu is', async () => {
    const { host } = machine({ ...UBUNTU_22, osRelease: 'ID=linuxmint\nID_LIKE="ubuntu debian"\n' });
    expect(await debianFamily(host)).toBeUndefined();
  });

  it.each([
    ['3.7', false],
    ['3.8', true],
  ] as const)('its Python is %s', async (python, suits) => {
    const { host } = machine({ ...DEBIAN_12, python });
    const checked = suitablePython(host);
    if (suits) expect(await checked).toBeUndefined();
    else
      await expect(checked).rejects.toThrow(
        'Python on this server is 3.7; the site (Django 3.2) runs on 3.8 to 3.11.',
      );
  });
});
