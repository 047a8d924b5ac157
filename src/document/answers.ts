import type { Question } from '../answers/question.ts';
import { isSecret, textOf } from '../answers/values.ts';
import type { Section } from '../engine/section.ts';
import { code, GENERATED, table } from './page.ts';

const INTRODUCTION = `\`studio-setup answers --example\` prints a file to begin with; \`studio-setup answers --answers FILE\` shows what a
run would use and where each answer comes from. The file is YAML: \`database.name: studio\` and \`database: {name: studio}\`
are the same. An unknown key, a refused value or a YAML error ends the command with exit code 2, before anything changes.

The strongest source wins: the answers file, what the host already says, what is typed, the answers of the last run, the
default, and last what the product makes. A secret that is already on the host is never replaced by a generated one. What a host has and the
product can't take is asked about with the value shown, and left alone; nothing weaker takes its place. A file that gives another
SECRET_KEY, database password or master key than the host has in force is refused: it was rotated since. \`rotate … --answers FILE\`
makes the file's value the new one, \`--overwrite ID\` forces it.

In the wizard, what you type is stronger than the file, and still is at later starts with a file that says the same as then.

Secrets never stand in the file. Write one of these instead:

| Form | Meaning |
| --- | --- |
| \`generate\` | the product makes one, unless the host has one (where the table says so) |
| \`{ env: NAME }\` | from an environment variable |
| \`{ file: PATH }\` | from a file; a newline at its end is ignored |

\`skip\`, or nothing after the colon, leaves an answer out where the table says that it may be; for a whole integration
write \`skip\` after its first word (\`braintree: skip\`). Nothing of an integration is set, not even a default, unless one of its
answers is given. Answers that are not secret are kept for the next run.

Whatever else the site's settings file marks with \`CHANGE_ME\` is asked by the name of its place: \`setting.BLENDER_ID.NAME\`,
with \`env\` or \`file\` where the name speaks of a key, secret or token. Unattended, each is named as missing until the file
gives it or says \`skip\`; a file may give it before the site is there.`;

/** @returns `docs/answers.md`, from the questions of the sections */
export function answersPage(sections: readonly Section[]): string {
  const lines = ['# Answers', '', GENERATED, '', INTRODUCTION];
  for (const { id, title, questions } of sections) {
    if (questions.length === 0) continue;
    lines.push('', `## ${title}`, '', `Section ${code(id)}.`);
    for (const [group, members] of groupsOf(questions)) {
      if (group !== undefined) lines.push('', `### ${group}`);
      const consequence = group === undefined ? undefined : members.find(isSkippable)?.skippable;
      if (consequence !== undefined) lines.push('', `May be skipped: ${consequence}`);
      const rows = members.map((question) => [code(question.id), meaning(question), unattended(question)]);
      lines.push('', ...table(['Answer', 'Meaning', 'Without an answer'], rows));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** @returns the questions that belong to no integration, then those of each integration together */
function groupsOf(questions: readonly Question[]): ReadonlyMap<string | undefined, readonly Question[]> {
  const groups = new Map<string | undefined, Question[]>();
  const alone = questions.filter(({ group }) => group === undefined);
  if (alone.length > 0) groups.set(undefined, alone);
  for (const question of questions.filter(({ group }) => group !== undefined))
    groups.set(question.group, [...(groups.get(question.group) ?? []), question]);
  return groups;
}

function isSkippable({ skippable }: Question): boolean {
  return skippable !== undefined;
}

function meaning(question: Question): string {
  const choices = question.choices?.map(({ value }) => code(value)).join(' or ');
  return [
    `${question.label}${/[.?]$/.test(question.label) ? '' : '.'} ${question.help}`,
    ...(choices === undefined ? [] : [`One of ${choices}.`]),
    ...(isSecret(question) ? ['**Secret.**'] : []),
  ].join(' ');
}

/** What happens in a run that asks nothing. */
function unattended({ default: preset, generate, skippable }: Question): string {
  // A function's result may depend on the machine that makes this page.
  if (typeof preset === 'function') return 'worked out from other answers';
  if (preset !== undefined) {
    const text = textOf(preset);
    return text === '' ? 'none' : code(text);
  }
  if (generate !== undefined) return 'made';
  return skippable === undefined ? 'needed: exit code 4' : 'skipped';
}
