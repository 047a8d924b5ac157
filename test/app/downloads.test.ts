import { expect, test } from 'vitest';
import { downloadsOf } from '../../src/app/downloads.ts';
import type { Operation } from '../../src/engine/operation.ts';
import type { Planned } from '../../src/engine/plan.ts';
import type { Section } from '../../src/engine/section.ts';
import { given } from '../host/given.ts';

const section: Section = {
  id: 'site',
  title: 'Site',
  heading: 'x',
  summary: 'x',
  needs: [],
  questions: [],
  operations: () => [],
};

function planned(operation: Partial<Operation>, changes = true): Planned {
  const later = { later: 'needs apt', summary: 'x', shell: [] };
  const node = {
    section,
    needs: new Set<string>(),
    operation: { id: 'site/x', title: 'x', observe: async () => undefined, ...operation },
  };
  return { node, observation: changes ? later : undefined };
}

const debian = (...names: readonly string[]) => ({ packages: { names, missing: async () => names } });

/** As apt-get(8) 2.6 prints it with --print-uris -qq; updates of security come without a checksum. */
const URIS = `'http://deb.debian.org/debian/pool/main/n/nginx/nginx_1.22.1-9_amd64.deb' nginx_1.22.1-9_amd64.deb 527208 MD5Sum:0123456789abcdef0123456789abcdef
'http://deb.debian.org/debian-security/pool/updates/main/p/postgresql-15/postgresql-15_15.14-0_amd64.deb' postgresql-15_15.14-0_amd64.deb 16800000 \n`;

test('apt tells the size of what it would fetch for all that is missing; other downloads are named', async () => {
  // What it reads of its lists it would else write to /var/cache/apt.
  const quiet = '-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Dir::Log::Planner=/dev/null';
  const command = `apt-get --print-uris -qq ${quiet} install -y --no-install-recommends nginx postgresql`;
  const host = given({ programs: { [command]: URIS } });
  const changes = [
    planned(debian('nginx')),
    planned(debian('nginx', 'postgresql')),
    planned({ downloads: 'the repository' }),
  ];
  expect(await downloadsOf(host, changes)).toBe('18 MB of Debian packages, the repository');
});

test('lists that were never fetched tell no size', async () => {
  const programs = { 'apt-get --print-uris': { code: 100, stderr: 'E: Unable to locate package nginx' } };
  expect(await downloadsOf(given({ programs }), [planned(debian('nginx'))])).toBe('Debian packages');
});

test('what is up to date downloads nothing, and apt is not asked', async () => {
  expect(await downloadsOf(given({}), [planned({ downloads: 'the repository' }, false)])).toBeUndefined();
});
