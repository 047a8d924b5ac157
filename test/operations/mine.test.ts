import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { Accounts } from '../../src/host/accounts.ts';
import type { Host } from '../../src/host/host.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { isMine, rememberMine } from '../../src/host/mine.ts';
import { file } from '../../src/operations/file.ts';

it("a file that was declared the operator's once is shown and left alone, until it is given back", async () => {
  const folder = await mkdtemp(`${tmpdir()}/studio-setup-mine-`);
  const hostOf = (mine: readonly string[] = []) =>
    new LinuxHost({ accounts: new Accounts(), ledger: new Ledger(folder), mine });
  try {
    expect(isMine(hostOf(), '/etc/a')).toBe(false);
    // Declared on this command line, before anything was kept: what only looks writes nothing.
    expect(isMine(hostOf(['/etc/a']), '/etc/a')).toBe(true);
    expect(isMine(hostOf(), '/etc/a')).toBe(false);
    rememberMine(new Ledger(folder), ['/etc/a', '/etc/b'], []);
    expect(isMine(hostOf(), '/etc/a')).toBe(true);
    rememberMine(new Ledger(folder), [], ['/etc/a']);
    expect([isMine(hostOf(), '/etc/a'), isMine(hostOf(), '/etc/b')]).toEqual([false, true]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([
  ['declared', true, 'edited by hand', 'left alone'],
  ['not declared', false, 'edited by hand', 'conflict'],
  ['declared, and up to date all the same', true, 'wanted', 'nothing'],
])('a file %s', async (_case, mine, text, expected) => {
  const warnings: string[] = [];
  const host: Partial<Host> = {
    status: async () => ({ type: 'file', mode: 0o644, owner: 'root', group: 'root', size: 1, modified: 0 }),
    read: async () => text,
    written: async () => undefined,
    mayOverwrite: () => false,
    hint: () => (mine ? '/etc/a' : undefined),
    warn: (message) => void warnings.push(message),
  };
  const observed = await file({ id: 'x', path: '/etc/a', shell: [], content: async () => 'wanted' }).observe(
    host as Host,
  );
  const conflict = observed !== undefined && 'conflict' in observed;
  expect(conflict ? 'conflict' : (warnings[0] ?? 'nothing')).toContain(
    expected === 'left alone' ? 'is kept as yours' : expected,
  );
});
