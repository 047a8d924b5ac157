import { expect } from 'vitest';
import { CHECKOUT, SITE_USER, VENV } from '../../src/site/layout.ts';
import { PIP, PYTHONS, PYUWSGI, SETUPTOOLS, UV_FOLDER } from '../../src/site/python.ts';
import type { FakeHost } from '../host/fake/fake-host.ts';
import { table } from '../operations/table.ts';
import { BUILT, DEBIAN_13, openTo, Pythons } from '../site/pythons.ts';
import { BRINGS, operation, PINS, PYUWSGI_INSTALL } from './python-commands.ts';

const debian13 =
  (more: (pythons: Pythons) => void = () => {}) =>
  ({ host }: { readonly host: FakeHost }) => {
    const pythons = new Pythons(host, DEBIAN_13);
    pythons.install();
    more(pythons);
  };

table('the Python that the product brings', [
  {
    title: 'brought by uv with its digests',
    operation: operation('virtualenv/python'),
    arrange: debian13(),
    change: {
      summary: expect.stringMatching(/Python 3\.11, installed by uv .*: this server's 3\.13 is too new$/),
    },
    ran: BRINGS,
    after: { [`${PYTHONS}/.lock`]: { text: '', mode: 0o644 }, [BUILT]: { text: '', mode: 0o755 } },
    check: ({ host }) => expect(openTo(host)).toEqual([]),
  },
  {
    title: 'what a run left open to others that was cut off is closed by the next',
    operation: operation('virtualenv/python'),
    before: { [BUILT]: { text: '', mode: 0o755 }, [`${PYTHONS}/.lock`]: { text: '', mode: 0o666 } },
    arrange: debian13(),
    change: { summary: expect.stringContaining('.lock is writable by others') },
    ran: [`chmod -R go-w ${PYTHONS}`],
  },
  {
    title: 'there already',
    operation: operation('virtualenv/python'),
    before: { [BUILT]: { text: '', mode: 0o755 } },
    arrange: debian13(),
    upToDate: true,
  },
  {
    title: 'another uv than the one that is known is not installed',
    operation: operation('virtualenv/python'),
    arrange: debian13((pythons) => {
      pythons.digest = '0'.repeat(64);
    }),
    change: {},
    fails: { what: /is not the one that .* pins: .* was not installed/, remedy: /pip config list/ },
    ran: BRINGS.slice(0, 2),
    after: { [`${UV_FOLDER}/bin/uv`]: null, [PYTHONS]: null },
  },
  {
    title: 'another build than the one that uv knows is not installed',
    operation: operation('virtualenv/python'),
    arrange: debian13((pythons) => {
      // uv, crates/uv-python/src/downloads.rs, Error::HashMismatch; what it is the cause of goes before it.
      pythons.uvRefuses =
        'error: Failed to install cpython-3.11.13-linux-x86_64-gnu\n  Caused by: Hash mismatch for `cpython-3.11.13-linux-x86_64-gnu`\n\nExpected:\n0\n\nComputed:\n1';
    }),
    change: {},
    fails: { what: /does not match uv's checksum/ },
    ran: BRINGS.slice(0, 3),
  },
  {
    title: 'what uv says otherwise is shown',
    operation: operation('virtualenv/python'),
    arrange: debian13((pythons) => {
      // uv without a network, as its users report it.
      pythons.uvRefuses = 'error: Request failed after 3 retries\n  Caused by: error sending request';
    }),
    change: {},
    fails: { what: /uv could not install Python 3\.11/, remedy: /python-install-mirror/ },
  },
]);

/** A virtualenv of the Python that was brought, as `virtualenv/create` leaves it. */
const created =
  (pip = DEBIAN_13.pip, setuptools: string | null = DEBIAN_13.setuptools, refuses?: string) =>
  ({ host }: { readonly host: FakeHost }) => {
    const pythons = new Pythons(host, { ...DEBIAN_13, pip, setuptools: setuptools ?? DEBIAN_13.setuptools });
    pythons.pipRefuses = refuses;
    pythons.install();
    host.arrange({ [BUILT]: { text: '', mode: 0o755 } });
    pythons.put(VENV, BUILT, SITE_USER);
    host.arrange({ [PACKAGES]: FOLDER });
    if (setuptools === null)
      host.arrange({ [`${PACKAGES}/setuptools-${DEBIAN_13.setuptools}.dist-info`]: null });
  };
const PACKAGES = `${VENV}/lib/python3.11/site-packages`;
const FOLDER = { folder: true, owner: SITE_USER, mode: 0o2755 } as const;

table('what goes into its virtualenv', [
  {
    title: 'pip and setuptools that build with poetry 1.1.6',
    operation: operation('virtualenv/pip'),
    arrange: created(),
    change: { summary: expect.stringContaining(`pip is ${DEBIAN_13.pip}`) },
    ran: PINS,
    after: {
      [`${PACKAGES}/pip-${PIP}.dist-info`]: FOLDER,
      [`${PACKAGES}/setuptools-${SETUPTOOLS}.dist-info`]: FOLDER,
      [`${PACKAGES}/pip-${DEBIAN_13.pip}.dist-info`]: null,
    },
    midway: [
      {
        plant: {
          exec: 1,
          result: {
            code: 1,
            stderr: `ERROR: Could not find a version that satisfies the requirement pip==${PIP} (from versions: none)\nERROR: No matching distribution found for pip==${PIP}\n`,
          },
        },
        fails: /package index does not answer, or lacks/,
        left: {},
      },
      {
        plant: {
          exec: 1,
          result: { code: 1, stderr: 'a script of a package: ConnectionError, Max retries exceeded\n' },
        },
        fails: /command failed/,
        left: {},
      },
    ],
  },
  {
    title: 'a run that was cut off between the two',
    operation: operation('virtualenv/pip'),
    before: {
      [`${PACKAGES}/pip-${PIP}.dist-info`]: FOLDER,
      [`${PACKAGES}/pip-${DEBIAN_13.pip}.dist-info`]: null,
    },
    arrange: created(),
    change: { summary: expect.stringContaining('setuptools is') },
    ran: PINS,
    after: { [`${PACKAGES}/setuptools-${SETUPTOOLS}.dist-info`]: FOLDER },
  },
  {
    title: 'setuptools, where a run was cut off after pip',
    operation: operation('virtualenv/pip'),
    arrange: created(PIP, '59.6.0'),
    change: { summary: expect.stringContaining('setuptools is 59.6.0') },
    ran: PINS,
    after: { [`${PACKAGES}/setuptools-${SETUPTOOLS}.dist-info`]: FOLDER },
  },
  {
    title: 'setuptools that is gone, where a run was cut off between the old and the new one',
    operation: operation('virtualenv/pip'),
    arrange: created(PIP, null),
    change: { summary: expect.stringContaining('setuptools is missing') },
    ran: PINS,
  },
  {
    title: "setuptools that the site's own lock file names is poetry's",
    operation: operation('virtualenv/pip'),
    before: {
      [`${CHECKOUT}/poetry.lock`]: {
        text: '[[package]]\nname = "setuptools"\nversion = "68.0.0"\n',
        owner: SITE_USER,
      },
    },
    arrange: created(PIP, '68.0.0'),
    upToDate: true,
  },
  {
    title: 'both are there',
    operation: operation('virtualenv/pip'),
    arrange: created(PIP, SETUPTOOLS),
    upToDate: true,
  },
  {
    title: 'an index that does not have it is told as such',
    operation: operation('uwsgi/pyuwsgi'),
    arrange: created(
      DEBIAN_13.pip,
      DEBIAN_13.setuptools,
      'ERROR: No matching distribution found for pyuwsgi',
    ),
    change: { kind: 'run' },
    fails: { what: /index does not answer, or lacks/, remedy: /pip\.conf/ },
  },
  {
    title: 'uWSGI with this Python built in',
    operation: operation('uwsgi/pyuwsgi'),
    arrange: created(),
    change: { summary: expect.stringContaining('not installed yet') },
    ran: PYUWSGI_INSTALL,
    after: { [`${PACKAGES}/pyuwsgi-${PYUWSGI}.dist-info`]: FOLDER },
  },
  {
    title: 'another pyuwsgi is replaced',
    operation: operation('uwsgi/pyuwsgi'),
    before: { [`${PACKAGES}/pyuwsgi-2.0.20.dist-info`]: FOLDER },
    arrange: created(),
    change: { kind: 'run' },
    ran: PYUWSGI_INSTALL,
    after: { [`${PACKAGES}/pyuwsgi-2.0.20.dist-info`]: null },
  },
  {
    title: 'no virtualenv yet: neither of them',
    operation: operation('uwsgi/pyuwsgi'),
    arrange: debian13(),
    later: 'needs the virtualenv',
  },
  {
    title: 'no Python yet: no virtualenv of the one that is too new',
    operation: operation('virtualenv/create'),
    arrange: debian13(),
    later: 'needs the Python that the site runs on',
  },
]);
