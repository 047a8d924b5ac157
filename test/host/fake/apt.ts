import type { ProgramResult } from '../../../src/host/host.ts';
import { inodeOf } from './coreutils.ts';
import type { FakeHost } from './fake-host.ts';
import { when } from './programs.ts';

const LOCK = '/var/lib/dpkg/lock-frontend';
/** What `apt-config dump` says on Debian 12 of Dir::Cache::archives, in Dir::Cache. */
export const ARCHIVES = '/var/cache/apt/archives';
const LISTS = '/var/lib/apt/lists/partial';

/** dpkg and apt of Debian 12, as dpkg-query(1) and apt-get(8) show them. */
export class Apt {
  /** Package → status word of dpkg-query(1). */
  readonly states = new Map<string, string>();
  /** Names of what the sources have. */
  readonly sources = new Set<string>();
  /** What installing ends in, instead of installed packages. */
  fails: Partial<ProgramResult> | undefined;
  readonly #host: FakeHost;

  constructor(host: FakeHost) {
    this.#host = host;
    this.fetched(host, 1);
    host.tree.put(ARCHIVES, { folder: true });
    host.programs.add(
      when(/^dpkg-query -W -f /, () => [...this.states].map((each) => `${each.join(' ')}\n`).join('')),
      // dpkg(1): the --force options only say what it answers itself about changed files.
      when(/^dpkg (--force-\S+ )*--configure -a$/, () => {
        for (const [name, state] of this.states)
          if (!['installed', 'config-files', 'not-installed'].includes(state))
            this.states.set(name, 'installed');
        return {};
      }),
      when(/^apt-get update /, () => {
        if (this.fails === undefined) this.fetched(host, Date.now());
        return this.fails ?? {};
      }),
      // apt-config(8): `/d` makes a folder of it, which ends in a slash.
      when(/^apt-config shell folder Dir::Cache::Archives\/d$/, () => `folder='${ARCHIVES}/'\n`),
      when(/^apt-get install /, ({ argv }) => this.#install(argv)),
    );
  }

  /** Files come and go in this folder with each update: its time is that of the lists. @param at milliseconds since the epoch */
  fetched(host: FakeHost, at: number): void {
    host.tree.put(LISTS, { folder: true, modified: at });
  }

  /** Has another program hold dpkg's lock for so many milliseconds, as the kernel shows it in /proc/locks (proc(5)). */
  lockedBy(host: FakeHost, pid: number, program: string, ms: number): void {
    host.tree.put(LOCK, { text: '', mode: 0o640 });
    const entry = host.tree.find(LOCK);
    const until = Date.now() + ms;
    const { made } = host;
    host.made = (file) => {
      if (file === `/proc/${pid}/cmdline`) return `${program.replaceAll(' ', '\0')}\0`;
      if (file !== '/proc/locks') return made(file);
      return entry === undefined || Date.now() >= until
        ? ''
        : `1: POSIX  ADVISORY  WRITE ${pid} 08:01:${inodeOf(entry)} 0 EOF\n`;
    };
  }

  #install(argv: readonly string[]): Partial<ProgramResult> {
    if (this.fails !== undefined) return this.fails;
    // "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem." (apt, cmndline)
    if ([...this.states.values()].some((state) => /^(half|unpacked|trigger)/.test(state)))
      return { code: 100, stderr: "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'\n" };
    const names = argv
      .slice(2)
      .filter((word, index, all) => !word.startsWith('-') && all[index - 1] !== '-o');
    const lacking = names.find((name) => !this.sources.has(name));
    if (lacking !== undefined) return { code: 100, stderr: `E: Unable to locate package ${lacking}\n` };
    if (argv.includes('--download-only')) return this.#download(names, argv);
    for (const name of names) this.states.set(name, 'installed');
    return {};
  }

  /** apt-get(8): into the folder of archives, which an option of apt.conf(5) may name. */
  #download(names: readonly string[], argv: readonly string[]): Partial<ProgramResult> {
    const folder =
      argv.flatMap((word) => /^Dir::Cache::Archives=(.*)\/$/.exec(word)?.[1] ?? [])[0] ?? ARCHIVES;
    const fetched = names.filter(
      (name) => this.#host.tree.find(`${folder}/${name}_1_amd64.deb`) === undefined,
    );
    for (const name of fetched) this.#host.tree.put(`${folder}/${name}_1_amd64.deb`, { text: name });
    return { stdout: fetched.map((name) => `Get:1 http://deb.debian.org/debian ${name}\n`).join('') };
  }
}
