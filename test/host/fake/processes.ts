/** Ticks a second in /proc/PID/stat: USER_HZ (proc(5)). */
const TICKS = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
}

/** When the host was started: the monotonic clock counts from there. Milliseconds since the epoch. */
function booted(): number {
  return Date.now() - Number(process.hrtime.bigint()) / 1e6;
}

/** Processes as proc(5) shows them. */
export class Processes {
  readonly #all = new Map<number, Process>();
  #last = 1000;

  /** @param started milliseconds since the epoch @returns its number */
  start(title: string, started: number, parent = 1): number {
    this.#last += 1;
    this.#all.set(this.#last, { pid: this.#last, parent, title, started });
    return this.#last;
  }

  /** Ends a process with all that it started. */
  end(pid: number): void {
    for (const child of this.#childrenOf(pid)) this.#all.delete(child.pid);
    this.#all.delete(pid);
  }

  /** Its children end, and others take their place. */
  renew(pid: number, titles: readonly string[], started: number): void {
    for (const child of this.#childrenOf(pid)) this.#all.delete(child.pid);
    for (const title of titles) this.start(title, started, pid);
  }

  /** @returns the text of a file below /proc, `undefined` for any other */
  read(file: string): string | undefined {
    if (file === '/proc/uptime') return `${((Date.now() - booted()) / 1000).toFixed(2)} 0.00\n`;
    if (file === '/proc/sys/kernel/random/boot_id') return '5b0d6d0e-8f0b-4c52-9a77-6a1f0a9d3c11\n';
    const [, pid, name] = /^\/proc\/(\d+)\/(.+)$/.exec(file) ?? [];
    const known = this.#all.get(Number(pid));
    if (known === undefined) return undefined;
    if (name === 'cmdline') return `${known.title}\0`;
    if (name === 'stat') return statOf(known);
    if (name === `task/${pid}/children`)
      return this.#childrenOf(known.pid)
        .map((child) => `${child.pid} `)
        .join('');
    return undefined;
  }

  #childrenOf(pid: number): readonly Process[] {
    return [...this.#all.values()].filter(({ parent }) => parent === pid);
  }
}

/** Field 22 is when it started, in ticks since boot; those before it that nobody reads are 0. */
function statOf({ pid, parent, title, started }: Process): string {
  const ticks = Math.floor(((started - booted()) / 1000) * TICKS);
  const fields = ['S', parent, ...Array.from({ length: 17 }, () => 0), ticks];
  return `${pid} (${title.slice(0, 15)}) ${fields.join(' ')}\n`;
}
