import { ROOTS_UNIT, rootDoubts } from '../configs/unit-trust.ts';
import type { Host } from '../host/host.ts';
import { DEPLOY, SITE_UNITS, SITE_USER, UNITS } from '../site/layout.ts';
import { showUnits } from '../site/units.ts';
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
    const users = await usersOf(host, names);
    const found = await Promise.all(names.map((name) => rootIn(host, name, users.get(name) ?? SITE_USER)));
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

/** @returns by service the account that systemd runs it as, empty for root; those that it has not loaded are not among them */
async function usersOf(host: Host, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  // A template has no state to ask for: systemctl refuses its name.
  const services = names.filter((name) => name.endsWith('.service') && !name.endsWith('@.service'));
  const stdout = await showUnits(host, ['--property=Id,LoadState,User'], services);
  const blocks = stdout.split('\n\n').filter((block) => /^LoadState=loaded$/m.test(block));
  return new Map(
    blocks.map((block) => [
      /^Id=(.*)$/m.exec(block)?.[1] ?? '',
      // systemd leaves an empty User= out of the answer in some versions.
      /^User=(.*)$/m.exec(block)?.[1] ?? '',
    ]),
  );
}
