import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { command } from '../operations/command.ts';
import { ProblemError } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';

/** What a record holds; the values of `secrets` are taught to the funnel whenever it is read. */
export interface TransactionRecord {
  readonly plain?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/**
 * @returns what the transaction record at `path` holds, `undefined` when there is none. Root's own: written whole or not at all.
 * @throws ProblemError when something else made it what it is: empty, cut off, edited
 */
export async function readTransactionRecord(
  host: Host,
  path: string,
): Promise<Required<TransactionRecord> | undefined> {
  const text = await host.read(path);
  if (text === undefined) return undefined;
  const { plain, secrets } = parsed(text) ?? {};
  if (!isTexts(plain) || !isTexts(secrets)) throw unreadableTransactionRecord(path);
  for (const value of Object.values(secrets)) new Secret(value);
  return { plain, secrets };
}

/** @returns that a record does not tell what was under way. Its text is not shown: it may hold secrets. */
export function unreadableTransactionRecord(path: string): ProblemError {
  return new ProblemError({
    what: `${path} shows that a procedure was interrupted, but its record of the old and the new state can't be read. Nothing was changed.`,
    remedy: `Check that file, and whether the site works (studio-setup doctor). If it does, end the procedure: rm ${quote(path)}, then start again.`,
  });
}

function parsed(text: string): { readonly plain: unknown; readonly secrets: unknown } | undefined {
  try {
    const { plain = {}, secrets = {} } = JSON.parse(text);
    return { plain, secrets };
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}

/** The first operation of every procedure: from here on the host itself shows what is under way, and owns old and new. */
export function writeTransactionRecord(id: string, path: string, record: TransactionRecord): Operation {
  return command({
    id,
    title: 'record the old and the new state',
    touches: [path],
    shell: [`install -m 600 /dev/null ${quote(path)}`],
    missing: async (host) => ((await host.status(path)) === undefined ? path : undefined),
    apply: (live) =>
      live.write(path, `${JSON.stringify(record)}\n`, { mode: 0o600, owner: 'root', secret: true }),
  });
}

/** The last operation of both ways. */
export function removeTransactionRecord(id: string, path: string): Operation {
  return command({
    id,
    title: 'delete the record of the old and the new state',
    shell: [`rm ${quote(path)}`],
    async missing(host) {
      if (host.willChange(path)) return { later: 'after the proof' };
      return (await host.status(path)) === undefined ? undefined : path;
    },
    apply: (live) => live.remove(path, { secret: true }),
  });
}
