import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Host } from '../host/host.ts';

/**
 * @returns when a file of root's was last written, in milliseconds since the epoch, or when a link on the way to it
 *   was last changed (a renewed certificate is a new target); `undefined` when there is nothing.
 */
export async function realModified(host: Host, file: string): Promise<number | undefined> {
  const status = await host.status(file);
  if (status?.type !== 'link' || status.target === undefined) return status?.modified;
  const target = await stat(path.resolve(path.dirname(file), status.target)).catch(() => undefined);
  return Math.max(status.modified, target?.mtimeMs ?? 0);
}
