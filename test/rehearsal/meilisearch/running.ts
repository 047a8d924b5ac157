import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { type MeilisearchVersion, makeRelease } from './release.ts';

/** A folder with one release of each version that was asked for, and with data folders. */
export interface Bench extends AsyncDisposable {
  /** Starts a version on a free port of loopback, and resolves when it listens. */
  start(version: MeilisearchVersion, options?: Options): Promise<Running>;
  /** Runs a version that is to end by itself. */
  run(version: MeilisearchVersion, args: readonly string[], options?: Options): Promise<Ended>;
  readonly folder: string;
}

interface Options {
  readonly masterKey?: string;
  /** The name of a data folder in the bench's own; `data.ms` when not given. */
  readonly data?: string;
  readonly production?: boolean;
}

interface Running extends AsyncDisposable {
  readonly address: string;
  /** Sends SIGTERM, and resolves with the exit code. */
  stop(): Promise<number | undefined>;
}

interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export async function makeBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const made = new Map<MeilisearchVersion, Promise<string>>();
  const release = (version: MeilisearchVersion) => {
    const file = join(folder, `meilisearch-${version}`);
    const making = made.get(version) ?? makeRelease(version, file).then(() => file);
    made.set(version, making);
    return making;
  };
  const environment = (options: Options) => ({
    MEILI_DB_PATH: join(folder, options.data ?? 'data.ms'),
    MEILI_ENV: options.production === false ? 'development' : 'production',
    ...(options.masterKey === undefined ? {} : { MEILI_MASTER_KEY: options.masterKey }),
  });

  return {
    folder,
    async start(version, options = {}) {
      const subprocess = execa(await release(version), ['--http-addr', '127.0.0.1:0'], {
        env: environment(options),
        reject: false,
      });
      const address = await Promise.race([listening(subprocess.stderr), subprocess]);
      if (typeof address !== 'string') throw new Error(`It ended before it listened: ${address.stderr}`);
      const stop = async () => {
        subprocess.kill('SIGTERM');
        return (await subprocess).exitCode;
      };
      return { address, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
    },
    async run(version, args, options = {}) {
      const { exitCode, stdout, stderr } = await execa(await release(version), args, {
        env: environment(options),
        reject: false,
      });
      return { exitCode, stdout, stderr };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

function listening(stderr: Readable): Promise<string> {
  return new Promise((resolve) => {
    createInterface(stderr).on('line', (line) => {
      const address = /^Server listening on: (.*)$/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}
