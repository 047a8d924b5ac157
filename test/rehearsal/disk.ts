import { must } from './process.ts';
import { hostFiles, type Machine } from './recipe.ts';
import type { Sandbox } from './sandbox.ts';

/** The throwaway host's disk: an overlay, kept in memory, over the bare root. Only while the host is off may it be changed here. */
export class Disk {
  readonly #sandbox: Sandbox;
  readonly #root: string;
  readonly #machine: Machine;

  /** @param root the folder of the bare Debian root @param machine whose disk it is */
  constructor(sandbox: Sandbox, root: string, machine: Machine) {
    this.#sandbox = sandbox;
    this.#root = root;
    this.#machine = machine;
  }

  /** Makes it empty: what the host then sees is the bare root, and its own name. */
  async format(): Promise<void> {
    await this.#shell('mkdir -p disk/upper disk/work merged');
    await this.#mount();
    for (const [path, content] of Object.entries(hostFiles(this.#machine)))
      await this.#shell('printf %s "$2" > "merged$1"', path, content);
  }

  /** Lets the host trust authorities, each a PEM text under a name, the way that an administrator would. */
  async trust(authorities: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, pem] of Object.entries(authorities)) {
      const script = 'printf "%s" "$2" > "merged/usr/local/share/ca-certificates/$1.crt"';
      await this.#shell(script, name, pem);
    }
    await this.#shell('chroot merged update-ca-certificates');
  }

  /** Keeps a copy under a name, in place of an earlier one of that name. */
  async keep(name: string): Promise<void> {
    await this.#shell('rm -rf "kept-$1" && cp -a disk/upper "kept-$1"', name);
  }

  /**
   * Puts a kept copy in place. It stays kept.
   * @throws {Error} when there is none of that name
   */
  async putBack(name: string): Promise<void> {
    await this.#shell('test -d "kept-$1" || { echo "No checkpoint $1 was kept." >&2; exit 1; }', name);
    await this.#shell(
      'umount merged && rm -rf disk && mkdir -p disk/work && cp -a "kept-$1" disk/upper',
      name,
    );
    await this.#mount();
  }

  #mount(): Promise<string> {
    const options = `lowerdir=${this.#root},upperdir=disk/upper,workdir=disk/work`;
    return this.#shell('mount -t overlay -o "$1" overlay merged', options);
  }

  #shell(script: string, ...args: readonly string[]): Promise<string> {
    const there = `mkdir -p /run/rehearsal/${this.#machine.name}; cd /run/rehearsal/${this.#machine.name}`;
    return must(this.#sandbox.inside(['sh', '-e', '-c', `${there}; ${script}`, 'sh', ...args]));
  }
}
