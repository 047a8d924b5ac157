import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Accounts } from '../../src/host/accounts.ts';
import type { ProgramResult, RunOptions } from '../../src/host/host.ts';
import { Journal } from '../../src/host/journal.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../src/host/live-host.ts';

/**
 * This machine's own files and programs, with a folder that goes with it.
 * @param within what is added to the arguments of a program: `nginx` with a configuration of the test's own
 */
export function temporaryHost(within: (program: string, folder: string) => readonly string[] = () => []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-'));
  const options = { accounts: new Accounts(), ledger: new Ledger(path.join(folder, 'state')) };
  const lines: string[] = [];
  const host = new LinuxHost(options);
  class Live extends LinuxLiveHost {
    override query(argv: readonly string[], given?: RunOptions): Promise<ProgramResult> {
      return super.query([...argv, ...within(argv[0] ?? '', folder)], given);
    }
  }
  const live = new Live(
    {
      ...options,
      journal: new Journal(path.join(folder, 'run'), path.join(folder, 'copies')),
      emit: (event) => {
        if (event.type === 'output') lines.push(event.line);
      },
      signal: new AbortController().signal,
      run: '0001',
    },
    'test/operation',
    host,
    new Map(),
  );
  return { folder, host, live, lines, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
