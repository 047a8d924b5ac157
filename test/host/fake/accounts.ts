import { ProblemError } from '../../../src/output/problem.ts';
import { type Caller, ROOT } from './tree.ts';

/** Accounts of a fresh Debian 12 (base-passwd, /usr/share/base-passwd/passwd.master): name → primary group. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  root: 'root',
  'www-data': 'www-data',
  nobody: 'nogroup',
};

/** Who there is on a host. */
export class FakeAccounts {
  readonly #accounts: Readonly<Record<string, string>>;

  /** @param more besides Debian's own: name → primary group */
  constructor(more: Readonly<Record<string, string>>) {
    this.#accounts = { ...ACCOUNTS, ...more };
  }

  /** @throws ProblemError for an account that is not there */
  caller(name = 'root'): Caller {
    const group = this.#accounts[name];
    if (group !== undefined) return name === 'root' ? ROOT : { name, group };
    throw new ProblemError({
      what: `There is no account ${name} on this server.`,
      remedy: `Debian and Ubuntu bring ${name}. Elsewhere, create it: useradd --system ${name}`,
    });
  }

  user(name: string): string {
    if (name in this.#accounts || /^\d+$/.test(name)) return name;
    throw new ProblemError({
      what: `There is no account ${name} on this server.`,
      remedy: 'Create it, then run again.',
    });
  }

  group(name: string): string {
    if (Object.values(this.#accounts).includes(name) || /^\d+$/.test(name)) return name;
    const primary = this.#accounts[name];
    if (primary !== undefined) return primary;
    throw new ProblemError({
      what: `There is no group ${name} on this server.`,
      remedy: 'Create it, then run again.',
    });
  }
}
