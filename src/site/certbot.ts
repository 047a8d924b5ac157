import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { CERTBOT_TIMER, SNAP_TIMER } from './layout.ts';

const SNAP = '/snap/bin/certbot';
const DISTRIBUTIONS = '/usr/bin/certbot';

/**
 * certbot's own instructions install it by snap, and link /usr/bin/certbot to that one (certbot.eff.org).
 * @returns whether certbot is here by snap alone: a second one from the distribution would renew the same certificates
 */
export async function bySnap(host: Host): Promise<boolean> {
  if ((await host.status(SNAP)) === undefined) return false;
  const other = await host.status(DISTRIBUTIONS);
  return other === undefined || other.target === SNAP;
}

/** @returns what to start; programs of snaps are not in the PATH of a service */
export async function certbotProgram(host: Host): Promise<string> {
  return (await bySnap(host)) ? SNAP : 'certbot';
}

export async function certbotTimer(host: Host): Promise<string> {
  return (await bySnap(host)) ? SNAP_TIMER : CERTBOT_TIMER;
}

/** @returns folders of certbot's Python packages, which bring the TLS settings that the site's configuration names */
export async function certbotLibraries(host: Host): Promise<readonly string[]> {
  const snap = '/snap/certbot/current/lib';
  const versions = (await host.list(snap)).filter((name) => /^python3/.test(name));
  return ['/usr/lib/python3/dist-packages', ...versions.map((version) => `${snap}/${version}/site-packages`)];
}

/** certbot reads it in every call (certbot's manual, "Configuration file"). */
const CLI_INI = '/etc/letsencrypt/cli.ini';

/**
 * What an operator's own configuration of certbot does to each certificate. `authenticator` is no matter: the command line
 * goes before it. A plugin that is switched on by its own name does not go away by that ("Too many flags setting
 * configurators/installers/authenticators", certbot/_internal/plugins/selection.py).
 * @throws ProblemError for what is in the way of the webroot
 */
export async function nothingInTheWay(host: Host): Promise<void> {
  const lines = ((await host.read(CLI_INI)) ?? '').split('\n');
  for (const [index, line] of lines.entries()) {
    const [, key = '', value = ''] = /^\s*([\w-]+)\s*[=:]?\s*(.*?)\s*$/.exec(line) ?? [];
    if (!isInTheWay(key.replaceAll('_', '-'), value)) continue;
    throw new ProblemError({
      what: `${CLI_INI}, line ${index + 1} (${key}), applies to every certificate, and would break the site's.`,
      remedy: `Certificates that need that line have it in their own file below /etc/letsencrypt/renewal. Put a "#" before it, then run again. No attempt was spent.`,
    });
  }
}

function isInTheWay(key: string, value: string): boolean {
  if (/^(standalone|nginx|apache|manual|dns-[a-z0-9-]+)$/.test(key)) return !/^(false|no|off)$/i.test(value);
  return key === 'configurator' || (key === 'pre-hook' && stopsNginx(value));
}

const PRE_HOOKS = '/etc/letsencrypt/renewal-hooks/pre';

/** @returns files that stop nginx before each renewal, when nobody answers the challenges of the webroot */
export async function hooksThatStopNginx(host: Host): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await host.list(PRE_HOOKS)) {
    const path = `${PRE_HOOKS}/${name}`;
    if (stopsNginx((await host.read(path)) ?? '')) found.push(path);
  }
  const ini = /^\s*pre[-_]hook\s*[=:]\s*(.*)$/m.exec((await host.read(CLI_INI)) ?? '')?.[1];
  return stopsNginx(ini ?? '') ? [...found, CLI_INI] : found;
}

function stopsNginx(text: string): boolean {
  return text
    .split('\n')
    .some(
      (line) =>
        !/^\s*#/.test(line) && /\bnginx\b/.test(line) && /\b(stop|quit|kill|pkill|killall)\b/.test(line),
    );
}
