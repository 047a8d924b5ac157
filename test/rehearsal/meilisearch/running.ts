import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { type MeilisearchVersion, makeRelease } from './release.ts';

/** A folder with one release of each version that was asked for, and with data folders. */
export interface Bench extends AsyncDisposable {
  /** Starts a version on a free port of loopback, and resolves when it answers. */
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
  /** Working directory; the bench's own folder when not given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Running extends AsyncDisposable {
  readonly address: string;
  /** Sends SIGTERM, and resolves with what it ended by. */
  stop(): Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
}

interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const PATIENCE_MS = 20_000;

export async function makeBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const made = new Map<MeilisearchVersion, Promise<string>>();
  const release = (version: MeilisearchVersion) => {
    const file = join(folder, `meilisearch-${version}`);
    const making = made.get(version) ?? makeRelease(version, file).then(() => file);
    made.set(version, making);
    return making;
  };
  const settings = (options: Options) => ({
    cwd: options.cwd ?? folder,
    reject: false as const,
    env: {
      MEILI_DB_PATH: join(folder, options.data ?? 'data.ms'),
      MEILI_ENV: options.production === false ? 'development' : 'production',
      ...(options.masterKey === undefined ? {} : { MEILI_MASTER_KEY: options.masterKey }),
      ...options.env,
    },
  });

  return {
    folder,
    async start(version, options = {}) {
      const port = await freePort();
      const address = `http://127.0.0.1:${port}`;
      const subprocess = execa(
        await release(version),
        ['--http-addr', `127.0.0.1:${port}`],
        settings(options),
      );
      const ended = await Promise.race([subprocess, answering(address)]);
      if (ended !== undefined) throw new Error(`It ended before it answered: ${ended.stderr}`);
      const stop = async () => {
        subprocess.kill('SIGTERM');
        const { exitCode, signal } = await subprocess;
        return { exitCode, signal };
      };
      return { address, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
    },
    async run(version, args, options = {}) {
      const { exitCode, stdout, stderr } = await execa(await release(version), args, settings(options));
      return { exitCode, stdout, stderr };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** What it prints is no sign: "Server listening" comes before the port is bound. */
async function answering(address: string): Promise<undefined> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`${address}/health`).catch(() => undefined);
    if (answer?.ok) return undefined;
    if (Date.now() > deadline) throw new Error(`${address} does not answer`);
    await setTimeout(20);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
