import { describe, expect, it } from 'vitest';
import type { Conflict } from '../../../src/engine/operation.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import type { ReviewState } from '../../../src/wizard/screens/review/state.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import { screenReaderItems } from '../../../src/wizard/shell/screen-reader/frame.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import type { TaskRequest } from '../../../src/wizard/state/task.ts';
import { frameFile, SIZES } from './frames.ts';

const path = '/etc/nginx/sites-available/studio';
const diff = '@@ -1,2 +1,2 @@\n server {\n-  listen 8080;\n+  listen 80;';
const edited: Conflict = { path, diff, edited: '@@ -1,2 +1,2 @@\n server {\n-  listen 80;\n+  listen 8080;' };
const doubtful: Conflict = {
  path: '/etc/systemd/system/studio-background.service',
  diff: '@@ -1,2 +1,3 @@\n [Service]\n User=www-data\n+ExecStartPre=+/srv/build.sh',
  doubts: [
    'ExecStartPre=+/srv/build.sh runs as root',
    'it is not what the repository had at the commit that was installed last',
  ],
};

function screen(conflict: Conflict, size: Size = { columns: 80, rows: 24 }): WizardState {
  const state = initialState([], { version: '1.2.3', place: 'studio.example.org · debian 12' }, size);
  const at = { operation: 'nginx/site', at: 'nginx › site', conflict };
  return {
    ...state,
    observing: false,
    screen: 'conflict',
    stack: ['overview', 'review'],
    conflict: { at, scroll: 0 },
  };
}

const drawn = (state: WizardState) =>
  frameOf(state).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

function pressed(
  state: WizardState,
  text: string,
): { readonly state: WizardState; readonly dispatched: Intent[] } {
  const dispatched: Intent[] = [];
  return { state: press(state, { name: 'char', text }, (intent) => dispatched.push(intent)), dispatched };
}

function reviewOf(request: TaskRequest, mayKeep: boolean): ReviewState {
  const task = {
    request,
    title: 'A task',
    sections: [],
    notices: [],
    irreversible: [],
    mayKeep,
    nothing: '',
    mayDoNothing: false,
  };
  return {
    names: [],
    entries: [],
    departures: new Map(),
    problems: [],
    conflicts: [],
    excluded: new Set<string>(),
    estimate: undefined,
    site: [],
    downloads: undefined,
    folded: new Set<string>(),
    opened: new Set<string>(),
    selected: 0,
    task,
  };
}

const rule = ` ${'─'.repeat(78)}`;
const empty = (rows: number) => Array<string>(rows).fill('');

describe('a file that was edited by hand, in 80 by 24', () => {
  it('shows both differences, and three ways to decide', () => {
    expect(drawn(screen(edited))).toEqual([
      ` Edited by hand${' '.repeat(34)}studio.example.org · debian 12`,
      rule,
      ' nginx › site',
      ' /etc/nginx/sites-available/studio was edited by hand. It is not overwritten',
      ' unless you choose to replace it.',
      '',
      ' What you changed since studio-setup wrote it',
      ' @@ -1,2 +1,2 @@',
      '  server {',
      ' -  listen 80;',
      ' +  listen 8080;',
      '',
      ' What replacing the file would change (a copy of yours is kept)',
      ' @@ -1,2 +1,2 @@',
      '  server {',
      ' -  listen 8080;',
      ' +  listen 80;',
      ...empty(4),
      rule,
      '',
      ' k keep yours  m always  o replace  e edit  Esc back  ? help  q save and quit',
    ]);
  });

  it('m keeps it for good, and goes back to the review', () => {
    const { state, dispatched } = pressed(screen(edited), 'm');
    expect(dispatched).toEqual([{ type: 'keep-for-good', path }]);
    expect(state.screen).toBe('review');
  });

  it('m is explained in the help', () => {
    expect(
      drawn({ ...screen(edited), help: true })
        .join(' ')
        .replace(/\s+/g, ' '),
    ).toContain('m keep yours for good: later runs do not touch the file, unless you pass --overwrite PATH');
  });

  it('what has to replace it is not done around it, for good neither', () => {
    const review = reviewOf({ kind: 'fix' }, false);
    for (const key of ['k', 'm']) {
      const { state, dispatched } = pressed({ ...screen(edited), review }, key);
      expect(dispatched).toEqual([]);
      expect(state.notice).toContain("can't leave your file as it is");
    }
  });

  it('is said with the same words', () => {
    const said = screenReaderItems(screen(edited)).map(({ text }) => text);
    expect(said).toContain('Added: listen 8080;');
    expect(said.find((each) => each.startsWith('k: '))).toContain('m: always');
  });
});

describe("a file of the checkout that does what the document's does not, in 80 by 24", () => {
  it('says where it comes from and why it is doubted; it is no file that could be theirs for good', () => {
    expect(drawn(screen(doubtful))).toEqual([
      ` Needs your decision${' '.repeat(29)}studio.example.org · debian 12`,
      rule,
      ' nginx › site',
      ' /etc/systemd/system/studio-background.service comes from the checkout, which',
      ' an account other than root can change. It is not installed unless you choose',
      ' to replace it:',
      ' - ExecStartPre=+/srv/build.sh runs as root',
      ' - it is not what the repository had at the commit that was installed last',
      '',
      ' What replacing the file would change (a copy of yours is kept)',
      ' @@ -1,2 +1,3 @@',
      '  [Service]',
      '  User=www-data',
      ' +ExecStartPre=+/srv/build.sh',
      ...empty(7),
      rule,
      '',
      ' k keep yours  o replace  e edit  Esc back  ? help  q save and quit',
    ]);
    expect(pressed(screen(doubtful), 'm').dispatched).toEqual([]);
  });
});

describe('a file that an undo finds changed', () => {
  const changedAgain: Conflict = { path, diff, changedBy: 'run 5 (rotate meilisearch-key)' };
  const removed: Conflict = { path, diff: '-root:root 644\n+nothing', removed: true };
  const undoing = (conflict: Conflict, size?: Size): WizardState => ({
    ...screen(conflict, size),
    review: reviewOf({ kind: 'undo', run: '0003' }, true),
  });

  it.each(SIZES)('in $columns by $rows', async (size) => {
    await expect(`${drawn(undoing(changedAgain, size)).join('\n')}\n`).toMatchFileSnapshot(
      frameFile('undo-changed', size),
    );
    await expect(`${drawn(undoing(removed, size)).join('\n')}\n`).toMatchFileSnapshot(
      frameFile('undo-removed', size),
    );
  });

  it('by a later run of the product, nobody edited it by hand', () => {
    const text = drawn(undoing(changedAgain)).join('\n');
    expect(text).toContain(' Changed by a later run ');
    expect(text).toContain('changed again by run 5');
    expect(text).not.toMatch(/by hand/i);
  });

  it('that would be removed, it says so; o is called what it does', () => {
    const text = drawn(undoing(removed)).join('\n');
    expect(text).toContain('Undo removes the file: before that run it was not there.');
    expect(text).toMatch(/k leave as it is +o remove +e edit/);
    expect(drawn(undoing(changedAgain)).join('\n')).toMatch(/o put back/);
  });

  it('k leaves it, and only in this undo', () => {
    const { state, dispatched } = pressed(undoing(changedAgain), 'k');
    expect(dispatched).toEqual([{ type: 'keep', operation: 'nginx/site' }]);
    expect(state.notice).toBe('This undo leaves the file as it is.');
    expect(pressed(undoing(changedAgain), 'm').dispatched).toEqual([]);
  });
});
