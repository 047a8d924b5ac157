import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/output/secret.ts';
import { openForm } from '../../../src/wizard/screens/questions/moves.ts';
import { formOf } from '../../../src/wizard/screens/questions/rows.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { sections } from '../../../steps/index.ts';
import { ANSWERS, answeredState, answersOf, rowsOf } from './frames.ts';

const WEBHOOK = 'mailgun.webhook-secret';
const tall = { columns: 80, rows: 60 };

/** The form of a section of the product, with a generated login of Mailgun's webhook among the answers. */
function form(section: string, answers = ANSWERS): WizardState {
  const { [WEBHOOK]: _, ...typed } = answers;
  const state = answeredState(tall);
  const all = answersOf(typed).with(WEBHOOK, new Secret('mailgun:made-for-the-webhook'), 'generated');
  const index = sections.findIndex(({ id }) => id === section);
  return openForm({ ...state, answered: { ...state.answered, answers: all } }, index, []);
}

const keys = (state: WizardState) => formOf(state).rows.map(({ key }) => key);

describe('the forms of the product', () => {
  it('a secret for the other end of an integration stands there once that is set up', () => {
    expect(keys(form('settings'))).toContain(WEBHOOK);
    const { 'mailgun.api-key': _, ...without } = ANSWERS;
    expect(keys(form('settings', without))).not.toContain(WEBHOOK);
  });

  it('one that somebody typed stands there in any case', () => {
    const { 'mailgun.api-key': _, ...without } = ANSWERS;
    const state = form('settings', without);
    const answers = state.answered.answers.with(WEBHOOK, new Secret('typed:by-somebody'), 'asked');
    expect(keys({ ...state, answered: { ...state.answered, answers } })).toContain(WEBHOOK);
  });

  it('the help has the domain that was answered', () => {
    const opened = form('migrate');
    const wanted = new Map([['First administrator', true]]);
    const state = { ...opened, answered: { ...opened.answered, wanted } };
    const shown = rowsOf({ ...state, form: { ...state.form, focus: 'admin.username' } }).join('\n');
    expect(shown).toContain('https://studio.example.org/admin/');
    expect(shown).not.toContain('DOMAIN');
  });

  it('an answer that is asked with another one stands there, and counts, from the beginning', () => {
    const { 'admin.username': _, 'admin.email': __, ...others } = ANSWERS;
    const opened = form('migrate', others);
    const missing = new Set(['admin.username', 'admin.email']);
    const wanted = new Map([['First administrator', true]]);
    const state = { ...opened, answered: { ...opened.answered, wanted, missing } };
    expect(keys(state)).toContain('admin.password');
    const shown = rowsOf({ ...state, form: { ...state.form, focus: 'next' } });
    expect(shown.find((row) => row.includes('Continue'))).toContain('3 answers are missing');
  });

  it('the help of any row has in full what other rows had to cut', () => {
    const state = form('settings');
    const group = formOf(state).rows.find((row) => row.kind === 'group' && row.group === 'GeoIP');
    const consequence = group?.kind === 'group' ? group.consequence : '';
    expect(consequence.length).toBeGreaterThan(45);
    const help = rowsOf({ ...state, help: true, form: { ...state.form, focus: 'next' } });
    expect(help.map((row) => row.trim()).join(' ')).toContain(`GeoIP: skipped: ${consequence}`);
  });
});
