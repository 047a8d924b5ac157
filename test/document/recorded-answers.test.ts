import { describe, expect, test } from 'vitest';
import type { AnswerValue } from '../../src/answers/answers.ts';
import { readAnswersFile } from '../../src/answers/file.ts';
import type { AnswerInput, Sources } from '../../src/answers/sources.ts';
import { collect } from '../../src/app/collect.ts';
import { recordedFile } from '../../src/document/recorded-answers.ts';
import { Secret } from '../../src/output/secret.ts';
import { asking, question } from '../answers/questions.ts';

const sections = [
  asking(
    question('domain'),
    question('names', { kind: 'list', default: [] }),
    question('release', { ofThisHost: true, default: 'https://example.org/release' }),
    question('made.key', { kind: 'secret', generate: () => 'made-up-made-key' }),
    question('asked.key', { kind: 'secret' }),
    question('mail.address', { group: 'Mail', skippable: 'No mail.' }),
    question('mail.key', { kind: 'secret', group: 'Mail', skippable: 'No mail.' }),
    question('other', { skippable: 'No other.' }),
  ),
];
const questions = sections.flatMap((section) => section.questions);

async function record(sources: {
  readonly file?: readonly (readonly [string, AnswerInput])[];
  readonly host?: readonly (readonly [string, AnswerValue])[];
  readonly saved?: readonly (readonly [string, AnswerInput])[];
}): Promise<string> {
  const all: Sources = {
    file: new Map(sources.file),
    host: new Map(sources.host),
    saved: new Map(sources.saved),
  };
  const { answers } = await collect(sections, all);
  return recordedFile(sections, answers, all);
}

const value = (text: string): AnswerInput => ({ kind: 'value', value: text });

describe('recorded answers', () => {
  test('are read again as they were', async () => {
    const text = await record({
      host: [
        ['domain', 'studio.example.org'],
        ['names', ['www.example.org', 'films.example.org']],
      ],
    });
    const read = readAnswersFile(
      text.replace('{ file: /root/secrets/asked.key }', '{ env: HOME }'),
      'it',
      questions,
    );
    expect(read.get('domain')).toMatchObject({ value: 'studio.example.org' });
    expect(read.get('names')).toMatchObject({ value: ['www.example.org', 'films.example.org'] });
    expect(read.get('made.key')).toEqual({ kind: 'generate' });
    expect(read.get('other')).toEqual({ kind: 'skip' });
    expect(read.get('mail.key')).toEqual({ kind: 'skip' });
  });

  test('hold a secret only by reference: that of the file in use, or a file that has to be brought', async () => {
    const secret = (text: string, reference?: { file: string } | { env: string }): AnswerInput => ({
      kind: 'value',
      value: new Secret(text),
      ...(reference === undefined ? {} : { reference }),
    });
    const text = await record({
      file: [
        ['domain', value('studio.example.org')],
        ['made.key', secret('made-up-one', { env: 'MADE_KEY' })],
        ['mail.address', value('admin@example.org')],
        ['mail.key', secret('made-up-two', { file: '/root/with space' })],
      ],
      host: [['asked.key', new Secret('made-up-three')]],
    });
    expect(text).toContain('\nmade.key: { env: MADE_KEY }\n');
    expect(text).toContain('\nmail.key: { file: "/root/with space" }\n');
    expect(text).toContain('\nasked.key: { file: /root/secrets/asked.key }\n');
    expect(text).toContain('\n#   /root/secrets/asked.key\n');
    expect(text).not.toMatch(/made-up-(one|two|three)/);
  });

  test('a secret that the host does not give back is asked for by a file, when its account was answered', async () => {
    const text = await record({ saved: [['mail.address', value('admin@example.org')]] });
    expect(text).toContain('\nmail.key: { file: /root/secrets/mail.key }\n');
  });

  test('what is true of this server only is not taken along; what was answered is', async () => {
    const host = [['release', '/usr/bin/here']] as const;
    expect(await record({ host })).not.toContain('release');
    expect(await record({ host, saved: [['release', value('https://example.org/asked')]] })).toContain(
      '\nrelease: "https://example.org/asked"\n',
    );
  });

  test('what is not known is left open, and said', async () => {
    expect(await record({})).toContain(
      '\n# Not known on this server. Label of domain. Help of domain.\n# domain:\n',
    );
  });
});
