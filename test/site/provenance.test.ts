import { describe, expect, test } from 'vitest';
import type { Host, ProgramResult } from '../../src/host/host.ts';
import { NGINX_SITE, UNITS } from '../../src/site/layout.ts';
import { doubtsOfNginx, doubtsOfUnit, packagedUnitFile, uncommitted } from '../../src/site/provenance.ts';

const FILE = { type: 'file', mode: 0o644, owner: 'root', group: 'root', size: 0, modified: 0 } as const;
const PLAIN = '[Service]\nUser=www-data\nGroup=www-data\nExecStart=/usr/bin/uwsgi\n';
const DIFFERS = 'the file differs from its commit';

/** A host of which nothing but git's answer and some files are asked. */
function host(status: Partial<ProgramResult>, files: readonly string[] = []): Host {
  const asked: string[][] = [];
  const known = {
    asked,
    once: <T>(_: string, compute: () => Promise<T>) => compute(),
    status: async (path: string) => (files.includes(path) ? FILE : undefined),
    query: async (argv: readonly string[], { as = 'root' } = {}) => {
      asked.push([as, ...argv]);
      return { code: 0, stdout: '', stderr: '', ...status };
    },
  };
  return known as unknown as Host;
}

describe('what git says of a file, by git-status(1), "Porcelain Format Version 1"', () => {
  test.each([
    ['as committed', '', []],
    ['edited', ` M deploy${UNITS}/studio.service\0`, [DIFFERS]],
    ['staged', `M  deploy${UNITS}/studio.service\0`, [DIFFERS]],
    ['not added', `?? deploy${UNITS}/studio.service\0`, [DIFFERS]],
    ['ignored', `!! deploy${UNITS}/studio.service\0`, [DIFFERS]],
    ['in a folder that is ignored', '!! deploy/etc/\0', [DIFFERS]],
    // A link took the place of a folder.
    ['gone from its folder', ` D deploy${UNITS}/studio.service\0?? deploy/etc\0`, [DIFFERS]],
    ['another one', ` M deploy${UNITS}/studio-stats.service\0`, []],
    ['one whose name begins like it', `?? deploy${UNITS}/studio.service.d/x.conf\0`, []],
  ])('%s', async (_, stdout, doubts) => {
    expect(await uncommitted(host({ stdout }), `${UNITS}/studio.service`)).toEqual(doubts);
  });

  test('that it can not be asked is a doubt', async () => {
    expect(await uncommitted(host({ code: 128 }), `${UNITS}/studio.service`)).toEqual([
      "git can't tell whether the checkout was changed (exit code 128)",
    ]);
  });

  test("it is asked as the site's account, whose configuration git obeys, and writes nothing", async () => {
    const asked = host({});
    await uncommitted(asked, NGINX_SITE);
    const [argv] = (asked as unknown as { asked: string[][] }).asked;
    expect(argv?.[0]).toBe('www-data');
    expect(argv).toContain('--no-optional-locks');
  });
});

describe('a unit of the checkout', () => {
  test('as the document has it, and committed, is taken', async () => {
    expect(await doubtsOfUnit(host({}), 'studio.service', PLAIN)).toEqual([]);
  });

  test('what it says, whose place it would take, and what git says are told together', async () => {
    const packaged = '/usr/lib/systemd/system/studio.service';
    const stdout = ` M deploy${UNITS}/studio.service\0`;
    const source = PLAIN.replace('User=www-data', 'User=root');
    expect(await doubtsOfUnit(host({ stdout }, [packaged]), 'studio.service', source)).toEqual([
      'User=root',
      `it would take the place of ${packaged}`,
      DIFFERS,
    ]);
  });

  test.each([
    ['ssh.service', '/lib/systemd/system/ssh.service'],
    ['getty@tty1.service', '/usr/lib/systemd/system/getty@.service'],
    ['own.service', '/usr/local/lib/systemd/system/own.service'],
  ])('%s is of a package', async (name, file) => {
    expect(await packagedUnitFile(host({}, [file]), name)).toBe(file);
    expect(await packagedUnitFile(host({}), name)).toBeUndefined();
  });
});

test('a file that says a thousand things is told in a few lines', async () => {
  const source = `${PLAIN}${`Alias=${'x'.repeat(500)}\n`.repeat(1000)}`;
  const doubts = await doubtsOfUnit(host({}), 'studio.service', source);
  expect(doubts).toHaveLength(9);
  expect(doubts.join().length).toBeLessThan(1200);
  expect(doubts.at(-1)).toBe('and 992 more');
});

test("a file of nginx's is judged by what it says, and by git", async () => {
  const stdout = ` M deploy${NGINX_SITE}\0`;
  expect(await doubtsOfNginx(host({ stdout }), NGINX_SITE, 'server { load_module x.so; }')).toEqual([
    'load_module x.so',
    DIFFERS,
  ]);
});
