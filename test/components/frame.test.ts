import { renderToString } from 'ink';
import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { Frame } from '../../components/Frame.tsx';
import { Secret } from '../../src/output/secret.ts';
import { cells } from '../../src/wizard/kit/width.ts';
import { frameOf } from '../../src/wizard/shell/frame.ts';
import { answered, beginning, worst } from '../wizard/states.ts';

const SIZES = [
  { columns: 60, rows: 16 },
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
];
const looks = { color: false, unicode: true };

function drawn(
  state: Parameters<typeof Frame>[0]['state'],
  how: Parameters<typeof Frame>[0]['looks'] = looks,
): readonly string[] {
  return renderToString(createElement(Frame, { state, looks: how }), { columns: state.size.columns }).split(
    '\n',
  );
}

describe.each(SIZES)('in a terminal of $columns by $rows', (size) => {
  it.each(Object.keys(worst(size)))(
    '%s: no line is wider, no frame taller, nothing harmful in it',
    (name) => {
      const state = worst(size)[name];
      if (state === undefined) throw new Error(name);
      const lines = drawn(state);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
      expect(lines.filter((line) => cells(line) > size.columns)).toEqual([]);
      expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(lines.join('\n')).not.toContain('never-on-any-screen');
    },
  );

  it.each(Object.keys(worst(size)))('%s: what is drawn are the rows of the layout', (name) => {
    const state = worst(size)[name];
    if (state === undefined) throw new Error(name);
    const rows = frameOf(state).map((line) => line.map(({ text }) => text).join(''));
    // Below what is told in a terminal that is too small nothing stands.
    const text = (lines: readonly string[]) =>
      lines
        .map((line) => line.trimEnd())
        .join('\n')
        .trimEnd();
    expect(text(drawn(state))).toBe(text(rows));
  });

  it.each(Object.keys(worst(size)))('%s: without UTF-8 every byte is ASCII, and the columns stay', (name) => {
    const state = worst(size)[name];
    if (state === undefined) throw new Error(name);
    const text = drawn(state, { color: false, unicode: false });
    expect(text.join('')).toMatch(/^[\x20-\x7e]*$/);
    expect(text.filter((line) => line.length > size.columns)).toEqual([]);
  });
});

describe('what stands on a screen', () => {
  it('the overview: each section with its state, the selected one in words, the keys', () => {
    const state = beginning({ columns: 80, rows: 24 });
    const text = drawn({
      ...state,
      status: new Map([['site', { state: 'edited', operations: [] }]]),
      overview: { selected: 1, details: undefined },
    }).join('\n');
    expect(text).toMatch(/› ● Site settings +edited by hand │/);
    expect(text).toContain('It is not overwritten unless you');
    expect(text).toContain('Document: Working directory › Production');
    expect(text).toContain('? help');
    expect(text).toContain('q save and quit');
  });

  it('an address that stands alone is a link where the terminal takes one, and its row as wide as before', () => {
    const address = 'https://studio.example.org/admin/';
    const state = {
      ...beginning({ columns: 80, rows: 24 }),
      screen: 'result' as const,
      result: {
        title: 'The address',
        values: [{ label: 'Administrators', value: address }],
        said: [`At ${address}.`],
        scroll: 0,
      },
    };
    const linked = drawn(state, { ...looks, links: true }).join('\n');
    const target = [...linked.matchAll(/\u001b\]8;;(https:[^\u0007\u001b]*)(?:\u0007|\u001b\\)/g)];
    expect(target.map(([, to]) => to)).toEqual([address]);
    const plain = linked.replaceAll(/\u001b\]8;[^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '');
    expect(plain).toBe(drawn(state).join('\n'));
  });

  it('a terminal that is too small is told so', () => {
    expect(drawn(beginning({ columns: 40, rows: 10 })).join(' ')).toContain('too small: 40 by 10');
  });

  it('a text that is not a secret is shown as it is typed, a secret as dots', () => {
    const state = beginning({ columns: 80, rows: 24 });
    const typing = (id: string) =>
      drawn({
        ...state,
        screen: 'questions',
        form: { ...state.form, section: 1, focus: id, edit: { id, before: 'hello', after: '' } },
      }).join('\n');
    expect(typing('site.domain')).toContain('hello');
    expect(typing('site.key')).not.toContain('hello');
    expect(typing('site.key')).toContain('•••••');
  });

  it('a secret that was generated says so, and a failed trial has a row that goes on all the same', () => {
    const state = answered(beginning({ columns: 80, rows: 24 }), {
      'site.domain': 'nowhere.example.org',
      'site.key': new Secret('unguessable'),
      'site.names': [],
    });
    const value = new Secret('unguessable');
    const text = drawn({
      ...state,
      screen: 'questions',
      form: { ...state.form, section: 1, focus: 'next' },
      answered: {
        ...state.answered,
        given: new Map([['site.key', { kind: 'value', value }]]),
        made: new Set(['site.key']),
        trials: new Map([['site.domain', { ok: false, message: 'That name does not resolve here.' }]]),
      },
    }).join('\n');
    expect(text).toMatch(/Secret key +•••• +generated/);
    expect(text).toMatch(/✗ Domain/);
    expect(text).toMatch(/› Continue\s[\s\S]* Continue anyway +one answer failed its test/);
  });
});
