import type { Check, Fix } from '../checks/check.ts';
import { code, GENERATED } from './page.ts';

const INTRODUCTION = `\`studio-setup doctor\` proves that the site works: all of these checks at the same time, in a second or two. It only reads, and
asks nothing; what it needs to know it reads from the server. It ends with 0 when all checks passed, else with 3. A check that hangs holds
up no other: it gives up after some seconds, and says so.

\`studio-setup doctor --fix\` plans what the failed checks name, shows it, asks (not with \`--yes\`), carries it
out, and repeats all checks. It ends with 0 when all passed. Files that were edited by hand are not overwritten:
it ends with 4, names them, and takes \`--overwrite PATH\`. For what only a person can fix it says what to do.
Each fix is a run like any other, with a log and a number.

\`studio-setup doctor --renewal\` has certbot test a renewal as well: that takes some seconds, the certificate authority
counts it, and certbot writes its log.

The same checks stand at the end of a run, and on the last screen of the wizard.`;

/** @param deep those that are only made when they are asked for @returns `docs/doctor.md` */
export function doctorPage(checks: readonly Check[], deep: readonly Check[]): string {
  const lines = ['# What the doctor checks', '', GENERATED, '', INTRODUCTION];
  for (const check of [...checks, ...deep]) lines.push('', ...about(check));
  return `${lines.join('\n')}\n`;
}

function about({ id, title, asks, means, fixes }: Check): readonly string[] {
  return [
    `## ${title}`,
    '',
    `${code(id)} · ${asks}`,
    '',
    `When it fails: ${means}`,
    '',
    fixes.length === 0
      ? 'Only a person can fix it.'
      : `${code('--fix')}, where it is missing: ${fixesText(fixes)}.`,
  ];
}

/** @returns what is carried out, with what many of them have in common said once */
function fixesText(fixes: readonly Fix[]): string {
  const sections = new Map<string, string[]>();
  for (const fix of new Set(fixes)) {
    const [section = '', ...name] = fix.split('/');
    sections.set(section, [...(sections.get(section) ?? []), name.join('/')]);
  }
  return [...sections]
    .map(([section, names]) => {
      const [, action, unit] = /^(restart|reload):(.+)$/.exec(section) ?? [];
      if (unit !== undefined) return `a ${action} of ${code(unit)}`;
      const own = names.filter((name) => name !== '');
      return own.length === 0 ? code(section) : `${code(section)} (${own.join(', ')})`;
    })
    .join('; ');
}
