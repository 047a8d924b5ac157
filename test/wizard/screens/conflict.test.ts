import { describe, expect, it } from 'vitest';
import type { Conflict } from '../../../src/engine/operation.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import { screenReaderItems } from '../../../src/wizard/shell/screen-reader/frame.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';

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
    const task = {
      request: { kind: 'fix' as const },
      title: 'Fix',
      sections: [],
      notices: [],
      irreversible: [],
      mayKeep: false,
      nothing: '',
      mayDoNothing: false,
    };
    const review = {
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
