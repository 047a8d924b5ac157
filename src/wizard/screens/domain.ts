import type { Question } from '../../answers/question.ts';
import { accept } from '../../answers/values.ts';
import { parseDomain } from '../../configs/domain.ts';
import { clean } from '../../output/clean.ts';
import type { Key } from '../kit/key.ts';
import { cutLines, type Line, line, paragraph, span } from '../kit/line.ts';
import { typedLine } from '../kit/typed-line.ts';
import { cut, fit } from '../kit/width.ts';
import { refusalOf, shownText, typed } from '../state/answer-field.ts';
import { goBack } from '../state/navigation.ts';
import type { DomainState, Want, WizardState } from '../state/state.ts';
import { type TextBlock, text } from '../view/block.ts';
import { textLines } from '../view/layout.ts';
import type { Screen } from './screen.ts';

type Field = 'name' | 'extra';

const validate = (value: string): string | undefined => {
  const parsed = parseDomain(value);
  return parsed.ok ? undefined : parsed.reason;
};

export const QUESTIONS: Readonly<Record<Field, Question>> = {
  name: {
    id: 'name',
    label: 'New domain',
    help: 'The host name that visitors are to type. Its DNS must lead to this host already: the certificate is got by it.',
    kind: 'text',
    validate,
  },
  extra: {
    id: 'extra',
    label: 'Further names',
    help: 'Names of the same site besides the domain, separated by spaces. Empty: none.',
    kind: 'list',
    default: [],
    validate,
  },
};

const ROWS: readonly DomainState['focus'][] = ['name', 'old', 'extra', 'next'];
const LABEL = 18;

/** @param now the domain of now */
export function askedDomain(now: string): DomainState {
  const empty = (id: Field) => ({ id, before: '', after: '' });
  return { now, name: empty('name'), old: 'redirect', extra: empty('extra'), focus: 'name' };
}

/** Asks what the site is to be called; nothing is changed before the review. */
export const domainScreen: Screen = {
  title: () => 'Another domain',

  lines({ domain: asked }, size) {
    if (asked === undefined) return [];
    const form: readonly Line[] = [
      ...paragraph(`The site’s domain is ${asked.now}.`, size.columns, 'dim'),
      [],
      fieldLine(asked, 'name', size.columns),
      oldLine(asked),
      fieldLine(asked, 'extra', size.columns),
      [
        span(asked.focus === 'next' ? '› ' : '  ', 'accent'),
        span('Continue: see what it changes', asked.focus === 'next' ? 'selected' : 'strong'),
      ],
      line('─'.repeat(size.columns), 'dim'),
    ];
    return [
      ...form,
      ...cutLines(textLines(domainHelp(asked), size.columns), size.rows - form.length, size.columns),
    ];
  },

  bindings: [
    { on: ['enter'], does: ({ domain }) => (domain?.focus === 'next' ? 'review' : 'next'), press: enter },
    {
      on: [' ', 'left', 'right'],
      does: 'other choice',
      when: ({ domain }) => domain?.focus === 'old',
      press: (state) => withDomain(state, ({ old }) => ({ old: old === 'redirect' ? 'remove' : 'redirect' })),
    },
    { on: ['up', 'backtab'], keys: '↑ ↓', does: 'other answers', press: (state) => moved(state, -1) },
    { on: ['down', 'tab'], does: 'other answers', hint: 'never', press: (state) => moved(state, 1) },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  typing: ({ domain: shown }) => shown?.focus === 'name' || shown?.focus === 'extra',

  type: (state, key) =>
    withDomain(state, (shown) => {
      const { focus } = shown;
      if (focus !== 'name' && focus !== 'extra') return {};
      const field = typed(shown[focus], key, QUESTIONS[focus]);
      return field === undefined ? {} : { [focus]: field };
    }),
};

function withDomain(state: WizardState, change: (shown: DomainState) => Partial<DomainState>): WizardState {
  return state.domain === undefined
    ? state
    : { ...state, domain: { ...state.domain, ...change(state.domain) } };
}

function moved(state: WizardState, rows: 1 | -1): WizardState {
  return withDomain(state, ({ focus }) => ({ focus: ROWS[ROWS.indexOf(focus) + rows] ?? focus }));
}

function enter(state: WizardState, _: Key, want: Want): WizardState {
  const shown = state.domain;
  if (shown === undefined) return goBack(state);
  const { focus } = shown;
  if (focus === 'next') return goOn(state, shown, want);
  const refused = focus === 'old' ? undefined : refusedIn(shown, focus);
  if (focus === 'old' || refused === undefined) return moved(state, 1);
  return withDomain(state, () => ({ [focus]: { ...shown[focus], refused } }));
}

function goOn(state: WizardState, shown: DomainState, want: Want): WizardState {
  for (const field of ['name', 'extra'] as const) {
    const refused = refusedIn(shown, field);
    if (refused === undefined) continue;
    return withDomain(state, () => ({ focus: field, [field]: { ...shown[field], refused } }));
  }
  const [name, extra] = [textIn(shown, 'name').trim(), textIn(shown, 'extra').trim()];
  const given = { domain: name, old: shown.old, ...(extra === '' ? {} : { extra }) };
  want({ type: 'task', request: { kind: 'procedure', id: 'change-domain', given } });
  return state;
}

function textIn(asked: DomainState, field: Field): string {
  return asked[field].before + asked[field].after;
}

/** Why the whole answer is refused: an empty name, too. */
function refusedIn(asked: DomainState, field: Field): string | undefined {
  const accepted = accept(QUESTIONS[field], textIn(asked, field));
  return 'refused' in accepted ? accepted.refused : undefined;
}

function fieldLine(asked: DomainState, field: Field, columns: number): Line {
  const focused = asked.focus === field;
  const room = columns - LABEL - 4;
  const shown = shownText(asked[field], QUESTIONS[field]);
  const head = [
    span(focused ? '› ' : '  ', 'accent'),
    span(fit(QUESTIONS[field].label, LABEL), focused ? 'strong' : 'plain'),
  ];
  if (!focused)
    return [...head, span(cut(shown.before + shown.after, room) || (field === 'extra' ? 'none' : ''), 'dim')];
  return [...head, ...typedLine(shown, room)];
}

function oldLine(asked: DomainState): Line {
  const focused = asked.focus === 'old';
  return [
    span(focused ? '› ' : '  ', 'accent'),
    span(fit('The old name', LABEL), focused ? 'strong' : 'plain'),
    span(asked.old === 'redirect' ? 'leads to the new one' : 'is no longer answered'),
  ];
}

/** What the focused answer is about, and why it would be refused. */
export function domainHelp({ focus, old, name, extra }: DomainState): TextBlock {
  if (focus === 'next') return text('Nothing is changed yet: the review comes first.', { tone: 'dim' });
  if (focus === 'old')
    return text(
      old === 'redirect'
        ? 'Links and bookmarks go on working, as long as the old name’s DNS leads here. Space: it goes instead.'
        : 'Links to the old name break, and its certificate is deleted. Space: it leads to the new one instead.',
      { tone: 'dim' },
    );
  const refused = refusalOf({ name, extra }[focus], QUESTIONS[focus]);
  return {
    kind: 'text',
    paragraphs: [
      ...(refused === undefined ? [] : [{ text: clean(refused), mark: 'failed', tone: 'bad' } as const]),
      { text: QUESTIONS[focus].help, tone: 'dim' },
    ],
  };
}
