import { nginxDoubts } from '../configs/nginx/trust.ts';
import { unitDoubts } from '../configs/unit-trust.ts';
import type { Host } from '../host/host.ts';
import { git } from './git.ts';
import { CHECKOUT, DEPLOY, SITE_USER, UNITS } from './layout.ts';

/** Where packages, and programs built on the host, put their units: /etc/systemd/system goes before them (systemd.unit(5)). */
const OTHERS = ['/usr/lib/systemd/system', '/lib/systemd/system', '/usr/local/lib/systemd/system'];

const GIT_TIMEOUT_MS = 10_000;

/**
 * Who wrote a file of the checkout can't be known: www-data owns it and its `.git`, so a commit, an author and `HEAD` are no
 * more than what www-data says; and to fetch the commit again would ask a remote whose address and key are www-data's too.
 * So what a file *says* decides, by a list of what gives www-data nothing that it has not. What git says can only add a
 * doubt, never take one away: a file that differs from its commit was changed by hand, or by a break-in.
 * @param name of the unit's file
 * @returns why it is not installed without asking
 */
export async function doubtsOfUnit(host: Host, name: string, content: string): Promise<readonly string[]> {
  const other = await packagedUnitFile(host, name);
  return [
    ...told(unitDoubts(name, content)),
    ...(other === undefined ? [] : [`it would take the place of ${other}`]),
    ...(await uncommitted(host, `${UNITS}/${name}`)),
  ];
}

/** @returns why a file that root's nginx reads is not installed without asking */
export async function doubtsOfNginx(host: Host, path: string, content: string): Promise<readonly string[]> {
  return [...told(nginxDoubts(content).all), ...(await uncommitted(host, path))];
}

/** Who wrote the file decides how much there is to say: the diff has all of it. */
const MOST = 8;
const LONGEST = 120;

function told(doubts: readonly string[]): readonly string[] {
  const shown = doubts
    .slice(0, MOST)
    .map((each) => (each.length > LONGEST ? `${each.slice(0, LONGEST)} …` : each));
  return doubts.length > MOST ? [...shown, `and ${doubts.length - MOST} more`] : shown;
}

/** @returns the file of a unit of this name that a package brought: one of the checkout would take its place */
export async function packagedUnitFile(host: Host, name: string): Promise<string | undefined> {
  // An instance (`a@b.service`) comes from its template.
  const names = [...new Set([name, name.replace(/@[^.]*\./, '@.')])];
  for (const file of OTHERS.flatMap((folder) => names.map((each) => `${folder}/${each}`)))
    if ((await host.status(file)) !== undefined) return file;
  return undefined;
}

/**
 * @param path where the file goes; the checkout has it at `deploy/` and the same path
 * @returns a doubt when the checkout's file is not as its commit has it
 */
export async function uncommitted(host: Host, path: string): Promise<readonly string[]> {
  const changed = await host.once('deploy-status', () => changedFiles(host));
  if (typeof changed === 'string') return [changed];
  const name = `deploy${path}`;
  // Of a folder that is ignored as a whole git says the folder.
  const differs = changed.some((each) => each === name || (each.endsWith('/') && name.startsWith(each)));
  return differs ? ['the file differs from its commit'] : [];
}

/** @returns what git calls changed, not committed or ignored below deploy/; a doubt when it can't be asked */
async function changedFiles(host: Host): Promise<readonly string[] | string> {
  // As www-data: hooks and configuration of the checkout are commands. Observing writes nothing, the index neither.
  const status = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignored'];
  const { code, stdout } = await host.query(
    git(CHECKOUT, '--no-optional-locks', ...status, '--', DEPLOY.slice(CHECKOUT.length + 1)),
    { as: SITE_USER, timeoutMs: GIT_TIMEOUT_MS },
  );
  if (code !== 0) return `git can't tell whether the checkout was changed (exit code ${code})`;
  // Two letters and a blank, then the path: git-status(1), "Porcelain Format Version 1".
  return stdout.split('\0').map((entry) => entry.slice(3));
}
