import path from 'node:path';
import type { Host } from '../host/host.ts';

/** The folder of a virtualenv that `update` made, beside the link by which the services reach it. */
export const VIRTUALENV_NAME = /^venv-[0-9a-f]{12}$/;

/**
 * @param file absolute path
 * @returns the folder that it leads to, where it is a link to one that `update` made beside it; else the path itself. The
 *   account that owns the link can lead it nowhere else by this.
 */
export async function madeBeside(host: Pick<Host, 'status'>, file: string): Promise<string> {
  const { target } = (await host.status(file)) ?? {};
  if (target === undefined || !VIRTUALENV_NAME.test(target)) return file;
  const folder = path.join(path.dirname(file), target);
  return (await host.status(folder))?.type === 'directory' ? folder : file;
}
