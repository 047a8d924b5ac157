/** Replaces a file as another account, over and over, until it is killed. Arguments: state folder, file, account. */
import path from 'node:path';
import { Accounts } from '../../../src/host/accounts.ts';
import { Journal } from '../../../src/host/journal.ts';
import { Ledger } from '../../../src/host/ledger.ts';
import { LinuxHost } from '../../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../../src/host/live-host.ts';

const [state = '', file = '', as = ''] = process.argv.slice(2);
const options = { accounts: new Accounts(), ledger: new Ledger(state) };
const live = new LinuxLiveHost(
  {
    ...options,
    journal: new Journal(path.join(state, 'run'), path.join(state, 'copies')),
    emit: () => {},
    signal: new AbortController().signal,
    run: path.join(state, 'run'),
  },
  'site/file',
  new LinuxHost(options),
  new Map(),
);
console.log('writing');
// More than a pipe holds, so that a kill can fall into the middle.
for (;;) for (const letter of 'ab') await live.write(file, letter.repeat(16_000_000), { as, secret: true });
