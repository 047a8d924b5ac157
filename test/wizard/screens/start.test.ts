import { describe, expect, it } from 'vitest';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { sections } from '../../../steps/index.ts';
import { frameFile, rowsOf, SIZES, saidOf } from './frames.ts';

const [, usual] = SIZES as readonly [Size, Size, Size];

/** @param found answers that the server has already */
function started(size: Size, found: ReadonlyMap<string, string> = new Map()): WizardState {
  const state = initialState(sections, { version: '1.2.3', place: 'studio · debian 12' }, size, true);
  return { ...state, answered: { ...state.answered, ready: true, host: found } };
}

const SITE = new Map([
  ['domain', 'studio.example.org'],
  ['database.name', 'studio'],
]);

describe.each([
  ['start', new Map()],
  ['start-adopt', SITE],
])('%s', (name, found) => {
  it.each(SIZES)('in $columns by $rows', async (size) => {
    const rows = rowsOf(started(size, found));
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(frameFile(name, size));
  });
});

function pressed(state: WizardState, ...names: readonly ('enter' | 'down' | 'escape')[]) {
  const dispatched: Intent[] = [];
  let now = state;
  for (const name of names) now = press(now, { name, text: '' }, (intent) => dispatched.push(intent));
  return { screen: now.screen, dispatched };
}

describe('the start page', () => {
  it('begins the questions by Enter', () => {
    expect(pressed(started(usual), 'enter').dispatched).toEqual([{ type: 'continue' }]);
  });

  it.each([['down', 'enter'], ['escape']] as const)('leads to the sections by %s %s', (...names) => {
    expect(pressed(started(usual), ...names)).toEqual({ screen: 'overview', dispatched: [] });
  });

  it('says all of it to a screen reader', () => {
    const said = saidOf(started(usual)).join('\n');
    for (const words of ['a domain name that points to this server', 'deploy key', 'Nothing changes before'])
      expect(said).toContain(words);
  });

  it('offers to adopt what stands there, and says how much was found', () => {
    const rows = rowsOf(started(usual, SITE)).join('\n');
    expect(rows).toContain('› Adopt the site on this server');
    expect(rows).toContain('Answers found on this server: 2.');
  });

  it('says that this is still being found out', () => {
    const state = started(usual);
    const rows = rowsOf({ ...state, answered: { ...state.answered, ready: false } }).join('\n');
    expect(rows).toContain('Reading what this server already has');
    expect(rows).toContain('Enter wait');
  });

  it('names what an answers file has filled in', () => {
    const state = started(usual);
    const answers = state.answered.answers.with('domain', 'studio.example.org', 'file');
    const rows = rowsOf({ ...state, answered: { ...state.answered, answers } }).join(' ');
    expect(rows).toContain('Filled in from the answers file, to be confirmed: Domain');
  });

  it('is not what an operator sees who comes back', () => {
    expect(initialState(sections, { version: '1', place: '' }, usual).screen).toBe('overview');
  });
});
