import { describe, expect, it } from 'vitest';
import { Answers } from '../../../src/answers/answers.ts';
import type { Question } from '../../../src/answers/question.ts';
import { accept, isSecret } from '../../../src/answers/values.ts';
import { cells } from '../../../src/wizard/kit/width.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { Store } from '../../../src/wizard/shell/store.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { sections } from '../../../steps/index.ts';
import { HOSTILE } from '../states.ts';

/** Of every section, so that one that is added later is tried too. */
const questions = sections.flatMap((section, at) => section.questions.map((question) => ({ at, question })));
const size = { columns: 60, rows: 16 };

const clumsy = [
  ...HOSTILE,
  'two\nlines\r\nand more',
  '\u001b]8;;file:///etc/passwd\u0007link\u001b]8;;\u0007',
  '\u0000',
  '   ',
  '\u200b',
  '../../etc/passwd',
  "'; DROP TABLE users; --",
  '$(reboot) `reboot` ; reboot',
  '-'.repeat(40),
  '\ud800',
];

/** What must never come out of an answer that was taken: it would break a file, or show other than what it is. */
const HARM = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function formOf({ at, question }: (typeof questions)[number]): WizardState {
  const state = initialState(sections, { version: '1.2.3', place: 'host · debian 12' }, size);
  const missing = new Set(sections.flatMap((section) => section.questions.map(({ id }) => id)));
  const wanted = new Map(
    questions.flatMap(({ question: { group } }) => (group ? [[group, true] as const] : [])),
  );
  return {
    ...state,
    screen: 'questions',
    answered: { ...state.answered, ready: true, answers: new Answers(), missing, wanted },
    form: {
      ...state.form,
      section: at,
      focus: question.id,
      edit: { id: question.id, before: '', after: '' },
    },
  };
}

function typesText({ kind }: Question): boolean {
  return kind !== 'choice' && kind !== 'confirm';
}

describe.each(questions.map((each) => [each.question.id, each] as const))('%s', (_, each) => {
  it.each(clumsy.map((text, index) => [index, text] as const))(
    'clumsy answer %i: pasted and entered, it is shown safely, and refused with a reason or harmless',
    (_index, text) => {
      if (!typesText(each.question)) return;
      const store = new Store(formOf(each));
      const dispatched: Intent[] = [];
      store.dispatch = (intent) => dispatched.push(intent);
      store.keys([{ name: 'paste', text }]);
      safe(store.get());
      store.keys([{ name: 'enter', text: '' }]);
      safe(store.get());
      store.end();
      const given = dispatched.find((intent) => intent.type === 'give')?.given;
      if (given?.kind === 'value') {
        const { value } = given;
        const shown = typeof value === 'object' && 'reveal' in value ? value.reveal() : String(value);
        expect(shown).not.toMatch(HARM);
        if (each.question.kind !== 'multiline-secret') expect(shown).not.toContain('\n');
        expect(shown.length).toBeLessThanOrEqual(20_000);
      }
    },
  );

  it('what is refused says why, and never repeats a secret', () => {
    for (const text of clumsy) {
      const judged = accept(each.question, text);
      if (!('refused' in judged)) continue;
      expect(judged.refused.length).toBeGreaterThan(8);
      if (isSecret(each.question) && text.trim().length > 8)
        expect(judged.refused).not.toContain(text.trim());
    }
  });
});

function safe(state: WizardState): void {
  const lines = frameOf(state).map((line) => line.map(({ text }) => text).join(''));
  expect(lines.length).toBeLessThanOrEqual(size.rows);
  expect(lines.filter((line) => cells(line) > size.columns)).toEqual([]);
  expect(lines.join('\n')).not.toMatch(HARM);
}
