import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { command } from '../../operations/command.ts';
import { isRecord, parsedJson } from '../../output/json.ts';
import { localTime } from '../../output/local-time.ts';
import { ProblemError } from '../../output/problem.ts';
import type { LastBackup } from '../procedure.ts';

/** Stands on the old server from the last backup on, until the site is taken back. Root's own. */
export const MOVED = '/etc/blender-studio/moved.json';

/** What is known on the old server. */
export interface Moved extends LastBackup {
  /** Units that were up, and are started again when the site is taken back. */
  readonly units: readonly string[];
  /** The site was put to rest. */
  readonly rested: boolean;
}

/** @returns `undefined` on a server whose site was not moved away @throws ProblemError when the record can't be read */
export async function readMoved(host: Host): Promise<Moved | undefined> {
  const text = await host.read(MOVED);
  if (text === undefined) return undefined;
  const moved = parsedMoved(text);
  if (moved !== undefined) return moved;
  throw new ProblemError({
    what: `${MOVED} shows that the site was moved to another server, but it can't be read. Nothing was changed.`,
    remedy: `Where the site is to serve from this server again, delete it (rm ${MOVED}), then: studio-setup run. Else put it to rest by hand: systemctl disable --now studio studio-background`,
  });
}

/** @returns `undefined` for a text that is no record of a move */
function parsedMoved(text: string): Moved | undefined {
  const value = parsedJson(text);
  if (!isRecord(value)) return undefined;
  const { archive, repository, made, units, rested } = value;
  if (typeof archive !== 'string' || typeof made !== 'string' || typeof rested !== 'boolean')
    return undefined;
  if (!Array.isArray(units) || !units.every((each) => typeof each === 'string' && isUnit(each)))
    return undefined;
  if (repository !== undefined && typeof repository !== 'string') return undefined;
  return { archive, ...(repository === undefined ? {} : { repository }), made, units, rested };
}

/** systemd.unit(5): what a unit of the site can be called. */
export function isUnit(name: string): boolean {
  return /^[\w@.-]+\.(service|timer)$/.test(name);
}

/** @param moved by when it has to be known @returns what writes the record */
export function recordOfMove(id: string, moved: (host: Host) => Promise<Moved>): Operation {
  return command({
    id,
    title: 'record where the last backup is',
    shell: [`editor ${MOVED}`],
    touches: [MOVED],
    missing: async (host) => ((await host.status(MOVED)) === undefined ? MOVED : undefined),
    apply: async (live) => live.write(MOVED, `${JSON.stringify(await moved(live))}\n`, { mode: 0o600 }),
  });
}

/** @returns what notes that a moved site was put to rest, or is no longer */
export function rested(id: string, now: boolean): Operation {
  return command({
    id,
    title: now ? 'note that the site is at rest' : 'note that the site is not at rest',
    shell: [`editor ${MOVED}`],
    touches: [MOVED],
    async missing(host) {
      const moved = await readMoved(host);
      return moved === undefined || moved.rested === now ? undefined : MOVED;
    },
    async apply(live) {
      const moved = await readMoved(live);
      await live.write(MOVED, `${JSON.stringify({ ...moved, rested: now })}\n`, { mode: 0o600 });
    },
  });
}

/** @returns whether it is one of the procedures of a move, which alone are for a server whose site was moved */
export function isMove({ id }: { readonly id: string }): boolean {
  return id === 'move' || id.startsWith('move ');
}

/** What would start the site's services here again, while another server may have them. @throws ProblemError on a server whose site was moved */
export async function refuseMoved(host: Host): Promise<void> {
  const moved = await readMoved(host);
  if (moved === undefined) return;
  throw new ProblemError({
    what: `The site of this server was moved to another one, with the backup of ${localTime(moved.made)}. Nothing was changed.`,
    remedy: 'Do it there. To have the site served from here again: studio-setup move back',
  });
}
