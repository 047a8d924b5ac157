import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Finished, must, run } from '../../rehearsal/process.ts';
import { packedByXz, ReleaseServer } from './release-server.ts';
import { Sample } from './sample.ts';

/** What the running program is, and what it is to become. */
export const [INSTALLED, NEWER] = ['1.2.3', '1.10.0'];
export const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;
/** Of the newer executable, on the server. */
export const NAME = `studio-setup_${NEWER}-1_${ARCHITECTURE}.xz`;

/** A program that says which version it is. */
export const saying = (version: string) => `#!/bin/sh\necho ${version}\nexit 0\n`;

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
/** @returns all that was printed, on one line */
export const said = ({ stdout, stderr }: Finished) => flat(`${stdout} ${stderr}`);

/**
 * The command line as a program, over real HTTPS, with signatures that minisign made, and with xz. The single executable's part is
 * played by a small program that prints its version; the real one is in test/long/release.test.ts.
 */
export class Updatable {
  readonly server: ReleaseServer;
  /** Of keys, and of what is published: absolute path. */
  readonly keys: string;
  /** The newer executable, as xz packs it. */
  readonly packed: Buffer;
  #sample: Sample | undefined;

  private constructor(server: ReleaseServer, keys: string, packed: Buffer) {
    this.server = server;
    this.keys = keys;
    this.packed = packed;
  }

  static async make(keys: string): Promise<Updatable> {
    const server = await ReleaseServer.start(keys);
    const padding = Buffer.alloc(2_000_000, 'what takes room, but xz knows how to pack it. ');
    await writeFile(path.join(keys, 'newer'), Buffer.concat([Buffer.from(saying(NEWER)), padding]));
    return new Updatable(server, keys, await packedByXz(path.join(keys, 'newer')));
  }

  /** A folder as before the first start, and a newer release. */
  async begin(): Promise<void> {
    this.server.asked.length = 0;
    this.#sample = await Sample.make(path.join(import.meta.dirname, 'updatable.ts'), '/run');
    await mkdir(this.at('bin'));
    await writeFile(this.program, saying(INSTALLED), { mode: 0o755 });
    await this.build({});
    await this.publish();
  }

  end(): Promise<void> | undefined {
    return this.#sample?.remove();
  }

  get sample(): Sample {
    if (this.#sample === undefined) throw new TypeError('not begun');
    return this.#sample;
  }

  at(name: string): string {
    return this.sample.at(name);
  }

  /** What is to be replaced: absolute path. */
  get program(): string {
    return this.at('bin/studio-setup');
  }

  /** Makes the build that the program under test takes itself for. */
  async build(other: Readonly<Record<string, unknown>>): Promise<void> {
    const releases = { address: this.server.address, publicKey: await this.server.publicKey() };
    await this.sample.write('build.json', JSON.stringify({ executable: this.program, releases, ...other }));
  }

  /** Publishes the newer release. */
  publish(wrong: Parameters<ReleaseServer['publish']>[2] = {}): Promise<void> {
    return this.server.publish(NEWER, { [ARCHITECTURE]: this.packed }, wrong);
  }

  async packedText(text: string): Promise<Buffer> {
    await writeFile(path.join(this.keys, 'text'), text);
    return packedByXz(path.join(this.keys, 'text'));
  }

  environment(more: Readonly<Record<string, string>> = {}) {
    return { ...this.sample.command().env, SSL_CERT_FILE: this.server.certificate, ...more };
  }

  typed(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Finished> {
    return run([...this.sample.command().argv, ...args], { env: this.environment(more) });
  }

  /** That the old program is there as it was, and nothing beside it. */
  async expectOld(): Promise<void> {
    expect(await readdir(this.at('bin'))).toEqual(['studio-setup']);
    expect(await readFile(this.program, 'utf8')).toBe(saying(INSTALLED));
    expect((await stat(this.program)).mode & 0o7777).toBe(0o755);
  }

  async expectNew(): Promise<void> {
    expect(await readdir(this.at('bin'))).toEqual(['studio-setup']);
    expect(await must([this.program])).toBe(`${NEWER}\n`);
    expect((await stat(this.program)).mode & 0o7777).toBe(0o755);
  }
}

/** One for all tests of a file, with a fresh folder for each. @param name of its folder below /run: there root alone can write */
export function updatable(name: string): () => Updatable {
  const keys = `/run/studio-setup-${name}`;
  let made: Updatable | undefined;
  const rig = () => {
    if (made === undefined) throw new TypeError('not made');
    return made;
  };
  beforeAll(async () => {
    await rm(keys, { recursive: true, force: true });
    await mkdir(keys);
    await chmod(keys, 0o755);
    made = await Updatable.make(keys);
  });
  afterAll(async () => {
    made?.server.close();
    await rm(keys, { recursive: true, force: true });
  });
  beforeEach(() => rig().begin());
  afterEach(() => rig().end());
  return rig;
}
