import { expect, test } from 'vitest';
import type { Question } from '../../src/answers/question.ts';
import { answersPage } from '../../src/document/answers.ts';
import { sections } from '../../steps/index.ts';
import { section } from './sample.ts';

const question = (id: string, more: Partial<Question> = {}): Question => ({
  id,
  label: 'Label',
  help: 'Help.',
  kind: 'text',
  ...more,
});

function row(asked: Question): string | undefined {
  const page = answersPage([{ ...section('web'), questions: [asked] }]);
  return page.split('\n').find((line) => line.startsWith(`| \`${asked.id}\``));
}

test.each([
  ['needed', question('a'), '| `a` | Label. Help. | needed: exit code 4 |'],
  ['default', question('a', { default: 'x|y' }), '| `a` | Label. Help. | `x\\|y` |'],
  [
    'worked out',
    question('a', { default: () => process.arch }),
    '| `a` | Label. Help. | worked out from other answers |',
  ],
  ['empty list', question('a', { kind: 'list', default: [] }), '| `a` | Label. Help. | none |'],
  [
    'made',
    question('a', { kind: 'secret', generate: () => 'abc' }),
    '| `a` | Label. Help. **Secret.** | made |',
  ],
  ['skipped', question('a', { skippable: 'No mail.' }), '| `a` | Label. Help. | skipped |'],
  [
    'yes or no',
    question('a', { kind: 'confirm', default: false, label: 'Sure?' }),
    '| `a` | Sure? Help. | `no` |',
  ],
])('without an answer: %s', (_, asked, line) => {
  expect(row(asked)).toBe(line);
});

test('an integration is headed by its name and by what does not work without it', () => {
  const page = answersPage([
    {
      ...section('web'),
      questions: [
        question('mail.key', { group: 'Mail', skippable: 'Nobody gets mail.' }),
        question('alone'),
        question('mail.name', { group: 'Mail', skippable: 'Nobody gets mail.' }),
      ],
    },
  ]);
  const order = ['`alone`', '### Mail', 'May be skipped: Nobody gets mail.', '`mail.key`', '`mail.name`'];
  const places = order.map((text) => page.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('every question of the product has its row', () => {
  const page = answersPage(sections);
  for (const { id } of sections.flatMap(({ questions }) => questions))
    expect(page).toContain(`\n| \`${id}\` |`);
});
