import type { Planted } from '../rehearsal/answers.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { startReporter } from './reporter.ts';

/** A secret by its name, and every text that gives it away. */
export type Secrets = Readonly<Record<string, readonly string[]>>;

/** What a process showed to others: on its command line, or in a variable of its environment. */
export interface Shown {
  readonly kind: 'cmdline' | 'environ';
  readonly name: string;
  readonly variable: string;
  /** The last part of the process's control group: the unit, for a service. */
  readonly group: string;
}

/** @returns what each planted secret could look like: each line of it, plain, and as programs encode texts */
export function givenAway(secrets: readonly Pick<Planted, 'id' | 'value'>[]): Secrets {
  const named: Record<string, string[]> = {};
  for (const { id, value } of secrets) {
    // The frame of a PEM key is no secret.
    const lines = value.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    named[id] = lines.flatMap((line) => [
      ...forms(line),
      ...(line.includes(':') ? forms(afterColon(line)) : []),
    ]);
  }
  return named;
}

/** A log that drops the user of `user:password` would still show the password. */
function afterColon(text: string): string {
  return text.slice(text.indexOf(':') + 1);
}

function forms(text: string): string[] {
  const bytes = Buffer.from(text);
  // In base64 of something longer it may begin at any of three places; the ends depend on what stands beside it.
  const shifted = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return encoded.slice(before === 0 ? 0 : before + 1, -1);
  });
  return [text, encodeURIComponent(text), bytes.toString('hex'), ...shifted];
}

/** @returns the names of the secrets that a text gives away */
export function namesIn(text: string, secrets: Secrets): string[] {
  return Object.keys(secrets).filter((name) => secrets[name]?.some((form) => text.includes(form)));
}

/** Watches all processes of the host. It knows what it looks for from its standard input, so it does not find itself. */
export async function watchProcesses(host: Rehearsal, secrets: Secrets) {
  const sampler = await startReporter(host, 'sampler.py');
  sampler.input.write(`${JSON.stringify(secrets)}\n`);
  await sampler.ready;
  return {
    /** Ends the watching. @returns what was shown, and how often it was looked for */
    async stop(): Promise<{ shown: Shown[]; rounds: number; seconds: number }> {
      const [, ...records] = await sampler.stop();
      const counts = JSON.parse(records.pop() ?? '{}') as { rounds: number; seconds: number };
      return { shown: records.map((line) => JSON.parse(line) as Shown), ...counts };
    },
  };
}

/** Searches the content of every file of the host, those in memory too. @returns names of secrets by path and mode */
export async function filesWith(host: Rehearsal, secrets: Secrets): Promise<Map<string, string[]>> {
  const needles = '/run/needles';
  await host.write(needles, `${Object.values(secrets).flat().join('\n')}\n`, { mode: '600' });
  const search = `find / /run /tmp /dev/shm -xdev -type f ! -path ${needles} -print0 |
    xargs -0 grep --files-with-matches --text --fixed-strings --file=${needles} --; rm ${needles}`;
  const { stdout } = await host.exec(['sh', '-c', search], { timeoutMs: 180_000 });
  const found = new Map<string, string[]>();
  for (const path of stdout.split('\n').filter(Boolean)) {
    found.set(path, namesIn(await host.read(path), secrets));
  }
  return found;
}

/**
 * @param found as {@link filesWith} gives it
 * @returns apart, the copies that are kept for `undo`: they hold what the files held, and only root may enter their folder
 */
export function copiesApart(found: ReadonlyMap<string, string[]>) {
  const isCopy = ([path]: readonly [string, string[]]) => path.startsWith('/var/backups/studio-setup/');
  const all = [...found];
  return { files: new Map(all.filter((each) => !isCopy(each))), copies: new Map(all.filter(isCopy)) };
}

/** @returns everything that systemd tells about its units, and all that its journal holds */
export async function systemdSays(host: Rehearsal): Promise<string> {
  const { stdout: journal } = await host.exec(['journalctl', '--no-pager', '--all', '--output=export']);
  const { stdout: units } = await host.exec(['systemctl', 'show', '--all', '*']);
  return `${journal}\n${units}`;
}
