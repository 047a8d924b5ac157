import { code, GENERATED, table } from './page.ts';
import { EVENTS, OTHERS, PLANNED, PROBLEM } from './records.ts';

const INTRODUCTION = `With \`--json\` each record is one line of JSON on standard output. \`v\` is the version of this format, now 1: it grows when a
field changes its meaning or goes away. New fields and new types may come at any time: pass over what you do not know.
Secrets are masked as \`••••\`, control characters are taken out. Nothing is asked with \`--json\`. The exit code tells the
outcome: [commands.md](commands.md#exit-codes).

\`run\` prints a \`planned\` record for each change that it is about to make, then the events of the run. When something
keeps it from beginning, it prints \`problem\` records instead.`;

/** @returns `docs/events.md` */
export function eventsPage(): string {
  const lines = ['# Records of `--json`', '', GENERATED, '', INTRODUCTION, '', '## Events of a run'];
  for (const [type, { said, fields }] of Object.entries(EVENTS))
    lines.push('', ...record('###', type, said, fields));
  lines.push(
    '',
    ...record('##', 'planned', 'A line of a plan: from `plan`, and from `run` before it begins.', PLANNED),
    '',
    ...record('##', 'problem', 'Why something stopped. Fields that have nothing to say are absent.', {
      at: 'where: section › operation',
      section: 'id of that section',
      ...PROBLEM,
    }),
    '',
    '## Records of other commands',
  );
  for (const { type, by, said, fields } of OTHERS)
    lines.push('', ...record('###', type, `From \`${by}\`. ${said}`, fields));
  return `${lines.join('\n')}\n`;
}

function record(
  level: string,
  type: string,
  said: string,
  fields: Readonly<Record<string, string>>,
): readonly string[] {
  const rows = Object.entries(fields).map(([name, holds]) => [code(name), holds]);
  return [`${level} ${type}`, '', said, '', ...table(['Field', 'Holds'], rows)];
}
