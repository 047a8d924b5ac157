import { ROOTS_UNIT, rootDoubts } from '../configs/unit-trust.ts';
import type { Host } from '../host/host.ts';
import { DEPLOY, SITE_UNITS, SITE_USER, UNITS } from '../site/layout.ts';
import { unitState } from '../site/units.ts';
import { type Check, failing, fine } from './check.ts';
import { unitFix } from './fixes.ts';

export const unitsOfRoot: Check = {
  id: 'root-units',
  title: "Units with root's rights",
  asks: `Reads the site's units, and any others that its repository brought, and asks systemd which account runs them. By the document, all but ${ROOTS_UNIT} run as ${SITE_USER}.`,
  means:
    "Whoever takes over the site may take over the whole server: the units come from the site's own folder.",
  fixes: SITE_UNITS.map(unitFix),
  async run(host) {
    const brought = new Set(await host.list(`${DEPLOY}${UNITS}`));
    const further = (await host.list(UNITS)).filter(
      (name) => brought.has(name) && !SITE_UNITS.includes(name),
    );
    const names = [...SITE_UNITS, ...further];
    const found = await Promise.all(names.map(async (name) => rootIn(host, name, await userOf(host, name))));
    const faults = found.filter(({ why }) => why.length > 0);
    if (faults.length === 0) return fine(`All but ${ROOTS_UNIT} run as ${SITE_USER}, as in the document.`);
    const [{ name } = { name: '' }] = faults;
    return failing(
      faults.map((each) => `${each.name} has root's rights: ${each.why.join('; ')}`).join('. '),
      `Find out who wrote that (systemctl cat ${name}; ls -l --time-style=full-iso ${UNITS}/${name}*). If it was not you, treat this server as broken into. Stop the unit: systemctl disable --now ${name}. To write the site's own units again: studio-setup run configuration-files meilisearch (asks first where a unit differs from the document's)`,
      faults.flatMap((each) => (SITE_UNITS.includes(each.name) ? [unitFix(each.name)] : [])),
    );
  },
};

/** @param user whom systemd runs it as */
async function rootIn(
  host: Host,
  name: string,
  user: string,
): Promise<{ readonly name: string; readonly why: readonly string[] }> {
  const file = `${UNITS}/${name}`;
  // A unit that is masked is a link to nothing.
  if ((await host.status(file))?.type !== 'file') return { name, why: [] };
  const text = (await host.read(file)) ?? '';
  const why = rootDoubts(name, text);
  // Files beside it (NAME.d/*.conf) may say another account.
  return {
    name,
    why:
      why.length > 0 || name === ROOTS_UNIT || user === SITE_USER
        ? why
        : [`systemd runs it as ${user || 'root'}`],
  };
}

/** @returns the account that systemd runs it as, empty for root; the site's where it runs nothing of that name */
async function userOf(host: Host, name: string): Promise<string> {
  // A template has no state to ask for: systemctl refuses its name.
  if (!name.endsWith('.service') || name.endsWith('@.service')) return SITE_USER;
  const { loaded, user } = await unitState(host, name);
  return loaded ? user : SITE_USER;
}
