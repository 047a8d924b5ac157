import { describe, expect, it } from 'vitest';
import { blockItems, viewItems } from '../../../src/wizard/shell/screen-reader/blocks.ts';
import { type Block, factsBlock, GAP, RULE, text } from '../../../src/wizard/view/block.ts';
import { layOut } from '../../../src/wizard/view/layout.ts';

const output = (...lines: readonly string[]) => ({
  length: lines.length,
  dropped: 0,
  slice: (from: number, to: number) => lines.slice(from, to),
});
const entry = { title: 'nginx', sign: '✓', tone: 'good', note: 'running', word: 'Done' } as const;

const head = { sign: '', tone: 'dim', word: '', title: '', look: 'plain', note: '', marks: [] } as const;

/** Each kind of block, as the terminal draws it in 30 columns and 8 rows, and as it is said. */
const BLOCKS: readonly (readonly [string, Block, readonly string[], readonly string[]])[] = [
  [
    'text',
    text('one word after the other until the row ends', { mark: 'done' }),
    ['✓ one word after the other', '  until the row ends'],
    ['Done: one word after the other until the row ends'],
  ],
  [
    'list',
    { kind: 'list', items: [{ text: 'Yes' }, { text: 'No' }], selected: 1 },
    ['  Yes', '› No'],
    ['Yes', '(selected) No'],
  ],
  [
    'diff',
    { kind: 'diff', diff: '--- a\n+++ b\n@@ -12,2 +12,2 @@\n same\n-  old\n+-new' },
    ['@@ -12,2 +12,2 @@', ' same', '-  old', '+-new'],
    ['From line 12', 'same', 'Removed: old', 'Added: -new'],
  ],
  [
    'log',
    { kind: 'log', output: output('$ nginx -t', 'ok'), from: undefined, file: '/l' },
    ['Lines 1 to 2 of 2, following.…', '$ nginx -t', 'ok'],
    ['Command: nginx -t', 'ok'],
  ],
  ['notice', { kind: 'notice', text: 'Read this.' }, ['! Read this.'], ['Note: Read this.']],
  ['entry', { kind: 'entry', entry, apart: false }, ['✓ nginx  running'], ['Done: nginx, running']],
  ['rule', RULE, ['─'.repeat(30)], []],
  ['gap', GAP, [''], []],
  [
    'progress',
    {
      kind: 'progress',
      done: 3,
      of: 4,
      left: undefined,
      downloads: false,
      warnings: ['careful'],
      stopping: undefined,
    },
    ['███████░░░ 75 %  1 warning'],
    ['70 %', 'Note: careful'],
  ],
  [
    'fields',
    {
      kind: 'fields',
      focused: 0,
      fields: [
        { role: 'textbox', label: 'Name', value: 'ab', typed: { before: 'a', after: 'b' } },
        { role: 'button', label: 'Continue', value: '' },
      ],
    },
    [`› ${'Name'.padEnd(20)}ab`, '  Continue'],
    ['(selected) Name', 'Continue'],
  ],
  [
    'tree',
    {
      kind: 'tree',
      name: 'Steps',
      rows: [
        { ...entry, below: false },
        { ...entry, below: true },
      ],
      selected: 1,
      told: [{ text: 'nginx: done', busy: false }],
      chosen: true,
    },
    ['  ✓ nginx           running', '› ✓ ├ nginx         running'],
    ['Steps', '(selected) Done: nginx, running'],
  ],
  [
    'form',
    {
      kind: 'form',
      name: 'Site',
      about: 'What it is for.',
      focused: 1,
      fields: [
        {
          role: 'checkbox',
          label: 'Mail',
          strong: true,
          mark: { sign: '✓', tone: 'good' },
          value: '',
          tone: 'plain',
          told: 'Mail, is set up',
          states: ['checked'],
        },
        {
          role: 'combobox',
          label: 'Kind',
          mark: { sign: '✓', tone: 'good' },
          value: 'small',
          source: 'default',
          tone: 'plain',
          told: 'Kind, small, default',
          states: [],
          choices: [
            { label: 'small', chosen: true },
            { label: 'large', chosen: false },
          ],
        },
        { role: 'button', label: 'Continue', value: '', tone: 'warn', told: 'Continue', states: [] },
      ],
      help: text('How large it is.'),
    },
    ['Site', '  ✓ Mail', '› ✓ Kind  small  default', '  Continue', '─'.repeat(30), 'How large it is.'],
    ['What it is for.', 'Site', 'Choices, Space selects the next', 'How large it is.'],
  ],
  [
    'outline',
    {
      kind: 'outline',
      name: 'Changes',
      told: false,
      selected: 4,
      items: [
        { below: false, whole: false, inside: [text('Read this.', { mark: 'warning' })] },
        { below: false, whole: false, inside: [], head: { ...head, sign: '▾', title: 'nginx', open: true } },
        {
          below: true,
          whole: true,
          inside: [{ kind: 'diff', diff: '+new\n-old' }],
          head: {
            ...head,
            sign: '~',
            word: 'Changed',
            title: '/etc/nginx/nginx.conf',
            marks: [{ text: "can't be undone", tone: 'warn' }],
          },
        },
        { below: true, whole: false, inside: [], head: { ...head, sign: '+', word: 'New', title: 'b' } },
      ],
    },
    [
      '  ! Read this.',
      ' ▾ nginx',
      "   ~ /etc/ng…  can't be undone",
      '       /etc/nginx/nginx.con',
      '›      f',
      '       +new',
      '       -old',
      '   + b',
    ],
    ['Changes', 'Line 5 of 6'],
  ],
  [
    'facts',
    factsBlock([
      { label: 'Address', value: 'https://studio.test/' },
      { label: 'Starts', value: 'nginx.service, studio.service' },
    ]),
    ['Address  https://studio.test/', 'Starts   nginx.service,', '         studio.service'],
    ['Address: https://studio.test/', 'Starts: nginx.service, studio.service'],
  ],
  [
    'columns',
    { kind: 'columns', left: text('one word after the other'), right: text('beside it') },
    ['one word after  │ beside it', 'the other       │', ...Array(6).fill(`${' '.repeat(16)}│`)],
    ['one word after the other', 'beside it'],
  ],
  [
    'keys',
    { kind: 'keys', keys: [{ keys: '↑ ↓', help: 'move' }] },
    [`${'↑ ↓'.padEnd(24)}move`],
    ['Up or Down: move'],
  ],
  ['legend', { kind: 'legend', marks: ['✓ done', '✗ failed', '+ new'] }, ['✓ done   ✗ failed   + new'], []],
  [
    'tail',
    { kind: 'tail', title: 'nginx', tall: false, last: () => ['said'] },
    [`── nginx ${'─'.repeat(21)}`, 'said'],
    [],
  ],
];

describe.each(BLOCKS)('%s', (_, block, drawn, said) => {
  it('is drawn', () => {
    const lines = layOut({ blocks: [block] }, { columns: 30, rows: 8 }).map((line) =>
      line
        .map((span) => span.text)
        .join('')
        .trimEnd(),
    );
    expect(lines.slice(0, drawn.length)).toEqual(drawn);
    expect(lines.slice(drawn.length).filter((each) => each !== '')).toEqual([]);
  });

  it('is said', () => {
    expect(
      blockItems(block).map(({ text: words, states }) =>
        states?.includes('selected') ? `(selected) ${words}` : words,
      ),
    ).toEqual(said);
  });
});

describe('an outline that is said', () => {
  const outline = (told: boolean, selected: number): Block => ({
    kind: 'outline',
    name: 'Changes',
    told,
    selected,
    items: [
      { below: false, whole: false, inside: [], head: { ...head, sign: '▾', title: 'nginx', open: true } },
      {
        below: true,
        whole: true,
        inside: [{ kind: 'diff', diff: '@@ -12,2 +12,2 @@\n+new\n-old' }],
        head: {
          ...head,
          sign: '~',
          word: 'Changed',
          title: 'a.conf',
          marks: [{ text: '≠', tone: 'accent' }],
        },
      },
      { below: false, whole: false, inside: [], head: { ...head, sign: '▸', title: 'Mail', open: false } },
    ],
  });
  const said = (block: Block) =>
    blockItems(block)[0]?.items?.map(({ text: words, states = [] }) => [words, ...states].join(' | '));

  it('has what stands for itself, and below that the selected row', () => {
    expect(said(outline(false, 0))).toEqual(['nginx | selected | expanded', 'Mail']);
    expect(said(outline(false, 1))).toEqual([
      'nginx | expanded',
      'Changed: a.conf, (other than the document says) | selected',
      'Mail',
    ]);
    expect(said(outline(false, 4))).toEqual(['nginx | expanded', 'Removed: old | selected', 'Mail']);
    expect(blockItems(outline(false, 4))[1]?.text).toBe('Line 5 of 6');
  });

  it('is said whole where it is asked for', () => {
    expect(said(outline(true, 5))).toEqual([
      'nginx | expanded',
      'Changed: a.conf, (other than the document says)',
      'From line 12',
      'Added: new',
      'Removed: old',
      'Mail | selected',
    ]);
  });
});

describe('rows', () => {
  const drawn = (blocks: readonly Block[], rows: number) =>
    layOut({ blocks }, { columns: 30, rows }).map((line) => line.map((span) => span.text).join(''));
  const list: Block = { kind: 'list', items: [...'abcdefgh'].map((each) => ({ text: each })), selected: 0 };

  it('a list has what the others leave, and says how much there is more', () => {
    expect(drawn([text('head'), list, RULE, text('foot')], 6)).toEqual([
      'head',
      '› a',
      '  b',
      '  ↓ 6 more',
      '─'.repeat(30),
      'foot',
    ]);
  });

  it('a text that may be cut says where the rest is', () => {
    const long: Block = { ...text(['one', 'two', 'three']), most: 'rest', rest: '  ? shows all' };
    expect(drawn([text('head'), long], 3)).toEqual(['head', 'one', 'two…  ? shows all']);
  });

  it('one long text is shown from where it is scrolled to, and said a page at a time', () => {
    const blocks = [text(Array.from({ length: 50 }, (_, index) => `line ${index}`))];
    const lines = layOut({ blocks, scroll: 10 }, { columns: 30, rows: 4 });
    expect(lines.map((line) => line.map((span) => span.text).join(''))).toEqual([
      '  ↑ 10 more',
      'line 10',
      'line 11',
      '  ↓ 38 more',
    ]);
    const said = viewItems({ blocks, scroll: 10 }, 10).map((each) => each.text);
    expect(said[0]).toBe('line 10');
    expect(said.at(-1)).toBe('More below: press Down or PgDn.');
  });
});
