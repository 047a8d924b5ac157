import { expect, it } from 'vitest';
import { UNKNOWN } from '../../../src/site/meilisearch-digests.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { openForm } from '../../../src/wizard/screens/questions/moves.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { answeredState, answersOf, rowsOf, SIZES } from './frames.ts';

const [, usual] = SIZES as readonly [Size, Size, Size];

function failed(operation: string, remedy: string): WizardState {
  const problem = { what: 'It was not installed.', remedy };
  const failure = {
    failed: [{ operation, at: `A › ${operation}`, problem, logLine: 1 }],
    ...{ selected: 0, scroll: 0, notDone: 3, conflict: false, log: '/var/log/studio-setup/run-0001.log' },
  };
  return { ...answeredState(usual), screen: 'failure', failure };
}

const edited = (state: WizardState) => press(state, { name: 'char', text: 'e' }, () => {});
const formAt = (state: WizardState) => state.sections[state.form.section]?.id;

it('says where an answer stands that the failure names as the answers file does, and e opens that form', () => {
  const state = failed('database/role', 'Correct the address (answer repository.url), then run again.');
  const shown = rowsOf(state).join(' ').replace(/\s+/g, ' ');
  expect(shown).toMatch(/repository\.url is “[^”]+” in the form Working directory: press e\./);
  expect(edited(state)).toMatchObject({ screen: 'questions' });
  expect(formAt(edited(state))).toBe('working-directory');
});

it('else e opens the form of what failed, where it has one', () => {
  const state = edited(failed('meilisearch/program', 'Run again.'));
  expect([state.screen, formAt(state)]).toEqual(['questions', 'meilisearch']);
  expect(edited(failed('uwsgi/service', 'Run again.')).screen).toBe('overview');
});

it('shows a choice as it is offered, not as the answers file has it', () => {
  const state = answeredState(usual);
  const answers = answersOf({
    'meilisearch.version': '0.25.2',
    'meilisearch.sha256': UNKNOWN,
    'meilisearch.trust': 'first-download',
  });
  const index = state.sections.findIndex(({ id }) => id === 'meilisearch');
  const form = openForm({ ...state, answered: { ...state.answered, answers } }, index, []);
  const shown = rowsOf(form).join('\n');
  expect(shown).toContain('Yes: show the SHA-256 and remember it');
  expect(shown).not.toContain('first-download');
});
