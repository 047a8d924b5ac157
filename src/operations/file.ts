import { createHash } from 'node:crypto';
import type { Change, Departure, NotYet, Operation } from '../engine/operation.ts';
import type { FileStatus, Host } from '../host/host.ts';
import { isMine } from '../host/mine.ts';
import { asAccount, quote } from '../host/shell.ts';
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
  /** The whole wanted text; may depend on the host (its Python, a certificate that is there or not). */
  readonly content: (host: Host) => Promise<string | NotYet>;
  /**
   * Texts that may stand there without being anybody's work: the checkout's own copy as the document has it
   * copied. They are replaced without asking.
   */
  readonly pristine?: (host: Host) => Promise<readonly string[]>;
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** The account as which it is read and written. */
  readonly as?: string;
  /** It holds secrets: no copy of it is kept. */
  readonly secret?: boolean;
  /** What a person would type to get it. */
  readonly shell: readonly string[];
}

/**
 * A file with a wanted text, mode and owner. Three-way: a file that is as the product (or the checkout) wrote it
 * is replaced; one that the operator edited is a conflict, and stays until the operator decides.
 */
export function file(wanted: ManagedFile): Operation {
  const mode = wanted.mode ?? 0o644;
  const owner = wanted.as ?? wanted.owner ?? 'root';
  const group = wanted.group ?? owner;
  return {
    id: wanted.id,
    title: wanted.title ?? wanted.path,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    async observe(host) {
      const content = await wanted.content(host);
      if (typeof content !== 'string')
        return { later: content.later, summary: wanted.path, shell: wanted.shell };
      const status = await noLink(host, wanted.path, 'file');
      if (status && status.type !== 'file') throw notAFile(wanted.path, status);
      const current = status
        ? await host.read(wanted.path, wanted.as === undefined ? {} : { as: wanted.as })
        : undefined;
      const rights = status === undefined ? [] : wrongRights(status, mode, owner, group);
      if (current === content && rights.length === 0) return undefined;
      const conflict =
        current !== undefined && current !== content && !(await mayReplace(host, wanted, current));
      if (conflict && isMine(host, wanted.path)) {
        host.warn(
          `${wanted.path} is yours, and left as it is (--overwrite ${wanted.path} gives it to the product again).`,
        );
        return undefined;
      }
      const change: Change = {
        kind: status === undefined ? 'create' : 'update',
        summary: current === content ? `${wanted.path} (${rights.join(', ')})` : wanted.path,
        ...(current === content ? {} : { diff: diffOf(wanted.path, current ?? '', content) }),
        shell:
          current === content
            ? [
                `chown ${owner}:${group} ${quote(wanted.path)}`,
                `chmod ${mode.toString(8)} ${quote(wanted.path)}`,
              ]
            : wanted.shell.map((line) => asAccount(undefined, line)),
        touches: current === content ? [] : [wanted.path],
        ...(conflict
          ? {
              conflict: {
                path: wanted.path,
                diff: diffOf(wanted.path, current ?? '', content),
                ...(await edited(host, wanted.path, current ?? '')),
              },
            }
          : {}),
        async apply(live) {
          if (current === content) {
            if (status?.owner !== owner || status.group !== group)
              await live.setOwner(wanted.path, owner, group);
            // By now it belongs to the account that reads and writes it: that changes it itself.
            await live.setMode(wanted.path, mode, wanted.as === undefined ? {} : { as: wanted.as });
            return;
          }
          await live.write(wanted.path, content, {
            mode,
            owner,
            group,
            ...(wanted.as === undefined ? {} : { as: wanted.as }),
            ...(wanted.secret === undefined ? {} : { secret: wanted.secret }),
          });
        },
      };
      return change;
    },
  };
}

async function mayReplace(host: Host, wanted: ManagedFile, current: string): Promise<boolean> {
  if (host.mayOverwrite(wanted.path)) return true;
  const record = await host.written(wanted.path);
  const sum = createHash('sha256').update(current).digest('hex');
  if (record && (record.sha256 === sum || record.before === sum)) return true;
  return (await wanted.pristine?.(host))?.includes(current) ?? false;
}

async function edited(host: Host, path: string, current: string): Promise<{ edited?: string }> {
  const record = await host.written(path);
  return record?.content === undefined ? {} : { edited: diffOf(path, record.content, current) };
}

function wrongRights(status: FileStatus, mode: number, owner: string, group: string): string[] {
  return [
    ...(status.owner !== owner || status.group !== group
      ? [`owner ${status.owner}:${status.group} → ${owner}:${group}`]
      : []),
    ...(status.mode !== mode ? [`mode ${status.mode.toString(8)} → ${mode.toString(8)}`] : []),
  ];
}

function notAFile(path: string, status: FileStatus): ProblemError {
  return new ProblemError({
    what: `${path} is no file but a ${status.type}.`,
    remedy: 'Look at what it is; move it away if it is not needed (mv, not rm), then run again.',
  });
}
