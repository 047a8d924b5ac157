import { readFileSync } from 'node:fs';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * Local accounts and groups, read from /etc/passwd and /etc/group: the site's accounts are always local.
 * Read again when a name is not known: packages that a run installs bring accounts (postgres).
 */
export class Accounts {
  readonly #users = new Map<string, Account>();
  readonly #userNames = new Map<number, string>();
  readonly #groups = new Map<string, number>();
  readonly #groupNames = new Map<number, string>();

  constructor() {
    this.#load();
  }

  user(name: string): Account | undefined {
    if (!this.#users.has(name)) this.#load();
    return this.#users.get(name);
  }

  groupId(name: string): number | undefined {
    if (!this.#groups.has(name)) this.#load();
    return this.#groups.get(name);
  }

  /** @returns the account's name, or the number as text where no account has it. */
  userName(uid: number): string {
    if (!this.#userNames.has(uid)) this.#load();
    return this.#userNames.get(uid) ?? String(uid);
  }

  groupName(gid: number): string {
    if (!this.#groupNames.has(gid)) this.#load();
    return this.#groupNames.get(gid) ?? String(gid);
  }

  #load(): void {
    for (const [name = '', , uid, gid, , home] of rows('/etc/passwd')) {
      this.#users.set(name, { name, uid: Number(uid), gid: Number(gid), home: home ?? '/' });
      if (!this.#userNames.has(Number(uid))) this.#userNames.set(Number(uid), name);
    }
    for (const [name = '', , gid] of rows('/etc/group')) {
      this.#groups.set(name, Number(gid));
      if (!this.#groupNames.has(Number(gid))) this.#groupNames.set(Number(gid), name);
    }
  }
}

function rows(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
