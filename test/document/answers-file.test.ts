import { describe, expect, it } from 'vitest';
import { readAnswersFile } from '../../src/answers/file.ts';
import { sectionsFor } from '../../src/app/sections.ts';
import { exampleFile } from '../../src/document/answers-file.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf, selectNodes } from '../../src/engine/graph.ts';
import { sections } from '../../steps/index.ts';
import { asking, question } from '../answers/questions.ts';

const questions = sections.flatMap((section) => section.questions);

describe('the example file', () => {
  it('is accepted as it stands', () => {
    expect(() => readAnswersFile(exampleFile(sections), 'example', questions)).not.toThrow();
  });

  it('has every question, with its help', () => {
    const text = exampleFile(sections);
    for (const { id } of questions)
      expect(text).toMatch(new RegExp(`^(# )?${id.replaceAll('.', '\\.')}: `, 'm'));
  });

  it('is accepted with every line that was commented out, but for the references', () => {
    const text = exampleFile(sections)
      .split('\n')
      .map((line) => line.replace(/^# (?=[\w.-]+: )/, ''))
      .filter((line) => /^[\w.-]+: /.test(line) && questions.some(({ id }) => line.startsWith(`${id}: `)))
      .filter((line) => !/\{ (env|file):/.test(line));
    expect(() => readAnswersFile(text.join('\n'), 'example', questions)).not.toThrow();
  });

  it('shows no secret, only how to give one', () => {
    const text = exampleFile([
      asking(
        question('a.key', { kind: 'secret' }),
        question('b.key', { kind: 'secret', generate: () => 'do-not-show' }),
        question('c.key', { kind: 'multiline-secret' }),
      ),
    ]);
    expect(text).toContain('a.key: { env: A_KEY }');
    expect(text).toContain('# b.key: generate');
    expect(text).toContain('c.key: { file: ');
    expect(text).not.toContain('do-not-show');
  });
});

describe('made-up answers', () => {
  const answers = exampleAnswers(sections);

  it('let every section say what it wants', () => {
    expect(graphOf(sections, answers).length).toBeGreaterThan(20);
  });

  it.each(sections.map(({ id }) => id))('%s on its own is asked all that its operations need', (id) => {
    const asked = sectionsFor([id], sections);
    const { chosen, needed } = selectNodes(graphOf(sections, answers), [id]);
    const known = exampleAnswers(asked);
    for (const section of new Set([...chosen, ...needed].map((node) => node.section))) {
      expect(() => section.operations(known)).not.toThrow();
    }
  });
});
