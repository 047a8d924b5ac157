import type { Change, Departure, NotYet, Operation } from '../engine/operation.ts';
import type { FileStatus, Host, LiveHost } from '../host/host.ts';
import { sumOf } from '../host/journal.ts';
import { isMine } from '../host/mine.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import { diffOf } from './diff.ts';
import { noLink } from './no-link.ts';

export interface ManagedFile {
  readonly id: string;
  readonly path: string;
  readonly title?: string;
  readonly after?: readonly string[];
  readonly departure?: Departure | readonly Departure[];
  readonly covers?: readonly string[];
  readonly script?: readonly string[];
  /** The whole wanted text; may depend on the host (its Python, a certificate that is there or not). */
  readonly content: (host: Host) => Promise<string | NotYet>;
  /**
   * Texts that may stand there without being anybody's work: the checkout's own copy as the document has it
   * copied. They are replaced without asking.
   */
  readonly pristine?: (host: Host) => Promise<readonly string[]>;
  /**
   * Why the content is not taken without asking, where it comes from a folder of another account and root, or a program of
   * root's, reads it as instruction. Asked only when something would be written.
   */
  readonly doubts?: (host: Host, content: string) => Promise<readonly string[]>;
  /** @returns the file of that folder from which the content is made, as it is judged */
  readonly source?: (host: Host) => Promise<string | undefined>;
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** The account as which it is read and written. */
  readonly as?: string;
  /** It holds secrets: no copy of it is kept. */
  readonly secret?: boolean;
  /** What a person would type to get it. */
  readonly shell: readonly string[];
  /** Makes the change, and may take it back: {@link nginxTested}. */
  readonly tested?: Tested;
}

/** @param change to `path` @param back brings what was there before */
export type Tested = (
  live: LiveHost,
  path: string,
  change: () => Promise<void>,
  back: () => Promise<void>,
) => Promise<void>;

interface Rights {
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

/**
 * A file with a wanted text, mode and owner. Three-way: a file that is as the product (or the checkout) wrote it
 * is replaced; one that the operator edited is a conflict, and stays until the operator decides.
 */
export function file(wanted: ManagedFile): Operation {
  const owner = wanted.as ?? wanted.owner ?? 'root';
  const rights = { mode: wanted.mode ?? 0o644, owner, group: wanted.group ?? owner };
  return {
    id: wanted.id,
    title: wanted.title ?? wanted.path,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.script ? { script: wanted.script } : {}),
    async observe(host) {
      const content = await wanted.content(host);
      if (typeof content !== 'string')
        return { later: content.later, summary: wanted.path, shell: wanted.shell };
      const status = await noLink(host, wanted.path, 'file');
      if (status && status.type !== 'file') throw notAFile(wanted.path, status);
      const current = status ? await host.read(wanted.path, reader(wanted)) : undefined;
      if (status === undefined || current !== content)
        return contentChange(host, wanted, rights, current, content);
      const wrong = wrongRights(status, rights);
      return wrong.length === 0 ? undefined : rightsChange(wanted, rights, status, wrong);
    },
  };
}

/** Its text, with the rights that it is to have. @param current absent when there is no such file */
async function contentChange(
  host: Host,
  wanted: ManagedFile,
  rights: Rights,
  current: string | undefined,
  content: string,
): Promise<Change | undefined> {
  const { path, secret } = wanted;
  const diff = diffOf(path, current ?? '', content);
  const doubts = host.mayOverwrite(path) ? [] : ((await wanted.doubts?.(host, content)) ?? []);
  const source = await wanted.source?.(host);
  const edits = current !== undefined && !(await mayReplace(host, wanted, current));
  if (edits && isMine(host, path)) {
    host.warn(`${path} is kept as yours (--overwrite ${path} replaces it).`);
    return undefined;
  }
  return {
    kind: current === undefined ? 'create' : 'update',
    summary: path,
    diff,
    shell: wanted.shell,
    touches: [path],
    ...(source === undefined ? {} : { judged: [{ path, sha256: sumOf(source) }] }),
    ...(edits || doubts.length > 0
      ? {
          conflict: {
            path,
            diff,
            ...(edits ? await edited(host, path, current) : {}),
            ...(doubts.length > 0 ? { doubts } : {}),
          },
        }
      : {}),
    apply(live) {
      const options = { ...rights, ...reader(wanted), ...(secret === undefined ? {} : { secret }) };
      const write = () => live.write(path, content, options);
      const back = () =>
        current === undefined
          ? live.remove(path, reader(wanted))
          : live.write(path, current, { ...options, foreign: host.mayOverwrite(path) });
      return wanted.tested === undefined ? write() : wanted.tested(live, path, write, back);
    },
  };
}

/** Its text is up to date. @param wrong what is not, in words */
function rightsChange(
  wanted: ManagedFile,
  { mode, owner, group }: Rights,
  status: FileStatus,
  wrong: readonly string[],
): Change {
  const { path } = wanted;
  return {
    kind: 'update',
    summary: `${path} (${wrong.join(', ')})`,
    shell: [`chown ${owner}:${group} ${quote(path)}`, `chmod ${mode.toString(8)} ${quote(path)}`],
    touches: [],
    async apply(live) {
      if (status.owner !== owner || status.group !== group) await live.setOwner(path, owner, group);
      // By now it belongs to the account that reads and writes it: that changes it itself.
      await live.setMode(path, mode, reader(wanted));
    },
  };
}

function reader({ as }: ManagedFile): { as?: string } {
  return as === undefined ? {} : { as };
}

async function mayReplace(host: Host, wanted: ManagedFile, current: string): Promise<boolean> {
  if (host.mayOverwrite(wanted.path)) return true;
  const record = await host.written(wanted.path);
  const sum = sumOf(current);
  if (record && (record.sha256 === sum || record.before === sum)) return true;
  return (await wanted.pristine?.(host))?.includes(current) ?? false;
}

async function edited(host: Host, path: string, current: string): Promise<{ edited?: string }> {
  const record = await host.written(path);
  return record?.content === undefined ? {} : { edited: diffOf(path, record.content, current) };
}

function wrongRights(status: FileStatus, { mode, owner, group }: Rights): readonly string[] {
  return [
    ...(status.owner !== owner || status.group !== group
      ? [`owner ${status.owner}:${status.group} → ${owner}:${group}`]
      : []),
    ...(status.mode !== mode ? [`mode ${status.mode.toString(8)} → ${mode.toString(8)}`] : []),
  ];
}

function notAFile(path: string, status: FileStatus): ProblemError {
  return new ProblemError({
    what: `${path} is a ${status.type}, not a file.`,
    remedy: 'Check what it is. If it is not needed, move it away (mv, not rm), then run again.',
  });
}
