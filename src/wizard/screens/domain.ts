import type { Question } from '../../answers/question.ts';
import { accept } from '../../answers/values.ts';
import { parseTypedDomain } from '../../configs/domain.ts';
import { clean } from '../../output/clean.ts';
import type { Key } from '../kit/key.ts';
import type { TextField } from '../kit/text-field.ts';
import { answerRefusal, shownText, typed } from '../state/answer-field.ts';
import type { Dispatch } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { type Field, GAP, RULE, type TextBlock, text } from '../view/block.ts';
import type { Screen } from './screen.ts';

/** The form that asks for another domain. */
export interface DomainState {
  /** The current domain. */
  readonly now: string;
  readonly name: TextField;
  /** What becomes of the current names. */
  readonly old: 'redirect' | 'remove';
  /** Further names of the site from now on, separated by spaces. */
  readonly extra: TextField;
  readonly focus: 'name' | 'old' | 'extra' | 'next';
}

declare module '../state/state.ts' {
  interface ScreenParts {
    domain: { readonly domain: DomainState | undefined };
  }
}

type TypedRow = 'name' | 'extra';

const validate = (value: string): string | undefined => {
  const parsed = parseTypedDomain(value);
  return parsed.ok ? undefined : parsed.reason;
};

const QUESTIONS: Readonly<Record<TypedRow, Question>> = {
  name: {
    id: 'name',
    label: 'New domain',
    help: 'The new host name of the site. Its DNS record must already point to this server: the certificate depends on it.',
    kind: 'text',
    validate,
  },
  extra: {
    id: 'extra',
    label: 'Additional names',
    help: 'Other host names of the same site, separated by spaces. May be empty.',
    kind: 'list',
    default: [],
    validate,
  },
};

const ROWS: readonly DomainState['focus'][] = ['name', 'old', 'extra', 'next'];

/** @param now the current domain */
export function askedDomain(now: string): DomainState {
  const empty = (id: TypedRow) => ({ id, before: '', after: '' });
  return { now, name: empty('name'), old: 'redirect', extra: empty('extra'), focus: 'name' };
}

/** Asks what the site is to be called; nothing is changed before the review. */
export const domainScreen: Screen<'domain'> = {
  initial: () => ({ domain: undefined }),

  title: () => 'Change the domain',

  view({ domain: shown }) {
    if (shown === undefined) return { blocks: [] };
    return {
      blocks: [
        text(`The current domain is ${shown.now}.`, { tone: 'dim' }),
        GAP,
        {
          kind: 'fields',
          fields: ROWS.map((row) => fieldOf(shown, row)),
          focused: ROWS.indexOf(shown.focus),
        },
        RULE,
        { ...helpOn(shown), most: 'rest' },
      ],
    };
  },

  bindings: [
    { on: ['enter'], does: ({ domain }) => (domain?.focus === 'next' ? 'review' : 'next'), press: enter },
    {
      on: [' ', 'left', 'right'],
      does: 'switch',
      when: ({ domain }) => domain?.focus === 'old',
      press: (state) => withDomain(state, ({ old }) => ({ old: old === 'redirect' ? 'remove' : 'redirect' })),
    },
    { on: ['up', 'backtab'], keys: '↑ ↓', does: 'move', press: (state) => moved(state, -1) },
    { on: ['down', 'tab'], does: 'move', hint: 'never', press: (state) => moved(state, 1) },
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

function enter(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const shown = state.domain;
  if (shown === undefined) return goBack(state);
  const { focus } = shown;
  if (focus === 'next') return goOn(state, shown, dispatch);
  const refused = focus === 'old' ? undefined : refusedIn(shown, focus);
  if (focus === 'old' || refused === undefined) return moved(state, 1);
  return withDomain(state, () => ({ [focus]: { ...shown[focus], refused } }));
}

function goOn(state: WizardState, shown: DomainState, dispatch: Dispatch): WizardState {
  for (const field of ['name', 'extra'] as const) {
    const refused = refusedIn(shown, field);
    if (refused === undefined) continue;
    return withDomain(state, () => ({ focus: field, [field]: { ...shown[field], refused } }));
  }
  const [name, extra] = [textIn(shown, 'name').trim(), textIn(shown, 'extra').trim()];
  const given = { domain: name, old: shown.old, ...(extra === '' ? {} : { extra }) };
  dispatch({ type: 'task', request: { kind: 'procedure', id: 'change-domain', given } });
  return state;
}

function textIn(asked: DomainState, field: TypedRow): string {
  return asked[field].before + asked[field].after;
}

/** Why the whole answer is refused: an empty name, too. */
function refusedIn(asked: DomainState, field: TypedRow): string | undefined {
  const accepted = accept(QUESTIONS[field], textIn(asked, field));
  return 'refused' in accepted ? accepted.refused : undefined;
}

function fieldOf(shown: DomainState, row: DomainState['focus']): Field {
  switch (row) {
    case 'next':
      return { role: 'button', label: 'Continue to the review', value: '' };
    case 'old': {
      const value = shown.old === 'redirect' ? 'redirects to the new one' : 'is no longer served';
      return { role: 'combobox', label: 'Old domain', value };
    }
    case 'name':
    case 'extra': {
      const typed = shownText(shown[row], QUESTIONS[row]);
      const value = typed.before + typed.after || (row === 'extra' ? 'none' : '');
      return { role: 'textbox', label: QUESTIONS[row].label, value, typed, refused: shown[row].refused };
    }
  }
}

/** What the focused answer is about, and why it would be refused. */
function helpOn({ focus, old, name, extra }: DomainState): TextBlock {
  if (focus === 'next') return text('Nothing is changed yet: you review the changes first.', { tone: 'dim' });
  if (focus === 'old')
    return text(
      old === 'redirect'
        ? 'Links and bookmarks keep working as long as the DNS of the old domain points to this server. Press Space to stop serving it instead.'
        : 'Links to the old domain break. Its certificate is deleted unless something else may use it. Press Space to redirect to the new domain instead.',
      { tone: 'dim' },
    );
  const refused = answerRefusal({ name, extra }[focus], QUESTIONS[focus]);
  return {
    kind: 'text',
    paragraphs: [
      ...(refused === undefined
        ? []
        : [{ text: clean(refused), mark: 'failed', tone: 'bad', whileTyped: true } as const]),
      { text: QUESTIONS[focus].help, tone: 'dim' },
    ],
  };
}
