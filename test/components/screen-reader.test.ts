import { Writable } from 'node:stream';
import { render } from 'ink';
import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { Frame } from '../../components/Frame.tsx';
import { SAID_COLUMNS } from '../../src/wizard/shell/screen-reader/item.ts';
import type { WizardState } from '../../src/wizard/state/state.ts';
import { answered, beginning, worst } from '../wizard/states.ts';

const size = { columns: SAID_COLUMNS, rows: 24 };
/** What says something by its look only, or nothing at all. */
const MARKS = /[✓✗○●▸▾›─│├█░≠•↑↓⠀-⣿]/;

/** @returns the lines that Ink writes of a state for a screen reader */
function said(state: WizardState): readonly string[] {
  let written = '';
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      written = chunk.toString() || written;
      done();
    },
  });
  const instance = render(createElement(Frame, { state, looks: { color: false, unicode: true } }), {
    stdout: stdout as unknown as NodeJS.WriteStream,
    isScreenReaderEnabled: true,
    debug: true,
    interactive: true,
  });
  instance.unmount();
  return written.split('\n');
}

describe.each(Object.entries(worst(size)))('%s', (_, state) => {
  const lines = said(state);

  it('is said without marks, and with nothing harmful in it', () => {
    expect(lines.filter((line) => MARKS.test(line))).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(lines.join('\n')).not.toContain('never-on-any-screen');
  });

  it('has a name, and keys in words', () => {
    expect(lines[0]).toMatch(/^[\p{L}\d]/u);
    expect(lines.some((line) => line.startsWith('toolbar: '))).toBe(true);
  });
});

describe('roles and states', () => {
  const first = answered(beginning(size), {});
  const form = { ...first.form, section: 1 };

  it('the overview: a list, the selected section, how each stands', () => {
    const status = new Map([
      ['requirements', { state: 'done' as const, operations: [] }],
      ['site', { state: 'edited' as const, operations: [] }],
    ]);
    const lines = said({ ...first, observing: false, status, overview: { selected: 1, details: undefined } });
    expect(lines).toContain('list: Sections');
    expect(lines).toContain('listitem: Requirements: up to date');
    expect(lines).toContain('listitem: (selected) Site settings: edited by hand');
    expect(lines).toContain('toolbar: question mark: help; q: save and quit; Ctrl-L: repeat everything');
  });

  it('a form: each question with what it is and what it has; help and keys of the selected one', () => {
    const lines = said({ ...first, screen: 'questions', form: { ...form, focus: 'site.domain' } });
    expect(lines).toContain('textbox: (selected, required) Domain, needs your answer');
    expect(lines).toContain('The name that visitors type.');
    expect(lines.some((line) => /^checkbox: Braintree, skipped/.test(line))).toBe(true);
    expect(lines).toContain('button: Continue, 2 answers are missing');
  });

  it('typing: the answer is last, a refusal before it; a secret is not said at all', () => {
    const typing = (id: string, refused?: string) =>
      said({
        ...first,
        screen: 'questions',
        form: {
          ...form,
          focus: id,
          edit: { id, before: 'hello', after: '', ...(refused === undefined ? {} : { refused }) },
        },
      });
    expect(typing('site.domain', 'No name.').slice(-2)).toEqual([
      'Refused: No name.',
      'textbox: (required) Domain, your answer: hello',
    ]);
    expect(typing('site.key').join('\n')).not.toContain('hello');
    expect(typing('site.key').at(-1)).toBe('textbox: (required) Secret key, hidden while you type: ');
  });

  it('a run: how far it is, what is at work, what failed and why', () => {
    const lines = said({ ...(worst(size).run as WizardState) });
    expect(lines).toContain('progressbar: 50 %');
    expect(lines.some((line) => /^listitem: \(busy\) .*: running$/.test(line))).toBe(true);
    expect(lines.some((line) => /^listitem: .*: failed\. It failed: /.test(line))).toBe(true);
  });

  it('what is searched is a text that is typed', () => {
    expect(said({ ...first, search: { text: 'nginx', typing: true } }).at(-1)).toBe('textbox: Search: nginx');
  });
});

it('what was begun and cut off is said before all else of the overview', () => {
  const [heading, first] = said({ ...beginning(size), pending: ['rotate secret-key'] });
  expect(heading).toContain('Overview');
  expect(first).toContain('“rotate secret-key” was interrupted. Press Enter to finish it');
});
