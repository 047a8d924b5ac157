import type { Question } from '../../answers/question.ts';
import { accept, isSecret } from '../../answers/values.ts';
import { RECIPIENT } from '../../app/test-email.ts';
import { RECIPIENT as BACKUP_RECIPIENT } from '../../backup/recipient.ts';
import { clean } from '../../output/clean.ts';
import { Secret } from '../../output/secret.ts';
import { EMAIL, PASSWORD, USERNAME } from '../../site/administrator.ts';
import type { Key } from '../kit/key.ts';
import type { TextField } from '../kit/text-field.ts';
import { answerRefusal, shownText, typed } from '../state/answer-field.ts';
import type { Dispatch, Intent } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { type Field, GAP, RULE, type TextBlock, text } from '../view/block.ts';
import { asked } from './actions.ts';
import type { Screen } from './screen.ts';

type Row = 'address' | 'recipient' | 'username' | 'email' | 'how' | 'password' | 'again' | 'next';
type TypedRow = Exclude<Row, 'how' | 'next'>;

/** A few answers that something of day two asks for. */
export interface AskingState {
  readonly what: 'email' | 'admin' | 'backup' | 'script' | 'support';
  /** What it will do. */
  readonly intro: string;
  readonly fields: Readonly<Record<TypedRow, TextField>>;
  /** Fields that somebody edited: in the others, what is typed takes the place of what is there. */
  readonly edited: readonly TypedRow[];
  /** Where the password comes from. */
  readonly how: 'generated' | 'typed';
  /** Whether its owner wants to see what is typed. */
  readonly revealed: boolean;
  readonly focus: Row;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    asking: { readonly asking: AskingState | undefined };
  }
}

const TITLES: Readonly<Record<AskingState['what'], string>> = {
  email: 'Send a test e-mail',
  admin: 'Administrator',
  backup: 'Make a backup',
  script: 'Write a script',
  support: 'Support bundle',
};

const BUTTONS: Readonly<Record<AskingState['what'], string>> = {
  email: 'Send it now',
  admin: 'Continue to the review',
  backup: 'Continue to the review',
  script: 'Write it now',
  support: 'Write it now',
};

const QUESTIONS: Readonly<Record<TypedRow, Question>> = {
  address: RECIPIENT,
  recipient: { ...BACKUP_RECIPIENT, label: 'Public key' },
  username: USERNAME,
  email: EMAIL,
  password: PASSWORD,
  again: {
    ...PASSWORD,
    id: 'again',
    label: 'Password again',
    help: 'A typo would lock you out of the account.',
  },
};

/** @param preset what the fields have in them at first */
export function askedFor(
  what: AskingState['what'],
  intro: string,
  preset: Partial<Record<TypedRow, string>> = {},
): AskingState {
  const field = (id: TypedRow): TextField => ({ id, before: preset[id] ?? '', after: '' });
  const fields = {
    address: field('address'),
    recipient: field('recipient'),
    username: field('username'),
    email: field('email'),
    password: field('password'),
    again: field('again'),
  };
  const asking: AskingState = {
    what,
    intro,
    fields,
    edited: [],
    how: 'generated',
    revealed: false,
    focus: 'next',
  };
  return { ...asking, focus: rowsOf(asking)[0] ?? 'next' };
}

function rowsOf({ what, how }: Pick<AskingState, 'what' | 'how'>): readonly Row[] {
  if (what === 'script' || what === 'support') return ['next'];
  if (what === 'email') return ['address', 'next'];
  if (what === 'backup') return ['recipient', 'next'];
  const password: readonly Row[] = how === 'typed' ? ['password', 'again'] : [];
  return ['username', 'email', 'how', ...password, 'next'];
}

/** Asks for what something of day two needs to know, and says what it will do; nothing happens before its button. */
export const askingScreen: Screen<'asking'> = {
  initial: () => ({ asking: undefined }),

  title: ({ asking }) => (asking === undefined ? '' : TITLES[asking.what]),

  view({ asking }) {
    if (asking === undefined) return { blocks: [] };
    const rows = rowsOf(asking);
    return {
      blocks: [
        text(asking.intro, { tone: 'dim' }),
        GAP,
        {
          kind: 'fields',
          fields: rows.map((row) => fieldOf(asking, row)),
          focused: rows.indexOf(asking.focus),
        },
        RULE,
        { ...helpOn(asking), most: 'rest' },
      ],
    };
  },

  bindings: [
    { on: ['enter'], does: ({ asking }) => (asking?.focus === 'next' ? 'do it' : 'next'), press: enter },
    {
      on: [' ', 'left', 'right'],
      does: 'switch',
      when: ({ asking }) => asking?.focus === 'how',
      press: (state) =>
        changed(state, ({ how }) => ({ how: how === 'generated' ? 'typed' : 'generated', revealed: false })),
    },
    {
      on: ['up', 'backtab'],
      keys: '↑ ↓',
      does: 'move',
      when: ({ asking }) => asking !== undefined && rowsOf(asking).length > 1,
      press: (state) => movedBy(state, -1),
    },
    { on: ['down', 'tab'], does: 'move', hint: 'never', press: (state) => movedBy(state, 1) },
    {
      on: ['ctrl r'],
      does: ({ asking }) => (asking?.revealed ? 'hide' : 'show'),
      when: ({ asking }) => asking?.focus === 'password' || asking?.focus === 'again',
      press: (state) => changed(state, ({ revealed }) => ({ revealed: !revealed })),
    },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  typing: ({ asking }) => asking !== undefined && typedRow(asking.focus) !== undefined,

  type: (state, key) =>
    changed(state, ({ fields, edited, focus }) => {
      const row = typedRow(focus);
      if (row === undefined) return {};
      const replaces = !edited.includes(row) && (key.name === 'char' || key.name === 'paste');
      const field = typed(replaces ? { id: row, before: '', after: '' } : fields[row], key, QUESTIONS[row]);
      return field === undefined ? {} : { fields: { ...fields, [row]: field }, edited: [...edited, row] };
    }),
};

function typedRow(row: Row): TypedRow | undefined {
  return row === 'how' || row === 'next' ? undefined : row;
}

function changed(state: WizardState, change: (shown: AskingState) => Partial<AskingState>): WizardState {
  return state.asking === undefined
    ? state
    : { ...state, asking: { ...state.asking, ...change(state.asking) } };
}

function movedBy(state: WizardState, by: 1 | -1): WizardState {
  return changed(state, (shown) => {
    const rows = rowsOf(shown);
    return { focus: rows[rows.indexOf(shown.focus) + by] ?? shown.focus };
  });
}

function enter(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const shown = state.asking;
  if (shown === undefined) return goBack(state);
  const { focus } = shown;
  const rows = focus === 'next' ? rowsOf(shown) : [focus];
  for (const row of rows) {
    const typedOne = typedRow(row);
    const refused = typedOne && refusedIn(shown, typedOne);
    if (typedOne === undefined || refused === undefined) continue;
    const fields = { ...shown.fields, [typedOne]: { ...shown.fields[typedOne], refused } };
    return changed(state, () => ({ focus: row, fields }));
  }
  if (focus !== 'next') return movedBy(state, 1);
  return asked(state, dispatch, performed(shown));
}

function performed(shown: AskingState): Intent {
  const { what, how } = shown;
  if (what === 'email') return { type: 'send-email', address: textIn(shown, 'address').trim() };
  if (what === 'backup')
    return { type: 'task', request: { kind: 'backup', recipients: [textIn(shown, 'recipient').trim()] } };
  if (what === 'script') return { type: 'script', names: [] };
  if (what === 'support') return { type: 'support-bundle' };
  const password = how === 'typed' ? new Secret(textIn(shown, 'password')) : undefined;
  const [username, email] = [textIn(shown, 'username').trim(), textIn(shown, 'email').trim()];
  return { type: 'task', request: { kind: 'admin', username, email, password } };
}

function textIn({ fields }: AskingState, row: TypedRow): string {
  return fields[row].before + fields[row].after;
}

/** Why the whole answer is refused. */
function refusedIn(shown: AskingState, row: TypedRow): string | undefined {
  const entered = textIn(shown, row);
  if (row === 'again') return entered === textIn(shown, 'password') ? undefined : 'The two passwords differ.';
  if (entered === '' && QUESTIONS[row].skippable !== undefined) return undefined;
  if (isSecret(QUESTIONS[row]))
    return entered === '' ? 'An answer is required.' : answerRefusal(shown.fields[row], QUESTIONS[row]);
  const accepted = accept(QUESTIONS[row], entered);
  return 'refused' in accepted ? accepted.refused : undefined;
}

function fieldOf(shown: AskingState, row: Row): Field {
  if (row === 'next') return { role: 'button', label: BUTTONS[shown.what], value: '' };
  if (row === 'how') {
    const value = shown.how === 'generated' ? 'generated and shown once' : 'typed by you, twice';
    return { role: 'combobox', label: 'New password', value };
  }
  const field = shown.fields[row];
  const both = shownText(field, QUESTIONS[row], shown.revealed);
  const { label } = QUESTIONS[row];
  return {
    role: 'textbox',
    label,
    value: both.before + both.after,
    typed: both,
    secret: isSecret(QUESTIONS[row]),
    refused: field.refused,
  };
}

/** What the focused row is about, and why it would be refused. */
function helpOn(shown: AskingState): TextBlock {
  const row = typedRow(shown.focus);
  if (row === undefined) return text(shown.focus === 'how' ? HOW : ABOUT[shown.what], { tone: 'dim' });
  const refused =
    row === 'again' ? shown.fields.again.refused : answerRefusal(shown.fields[row], QUESTIONS[row]);
  return {
    kind: 'text',
    paragraphs: [
      ...(refused === undefined
        ? []
        : [{ text: clean(refused), mark: 'failed', tone: 'bad', whileTyped: true } as const]),
      { text: QUESTIONS[row].help, tone: 'dim' },
    ],
  };
}

const HOW = 'Press Space to switch. A generated password has 20 letters and digits.';

const ABOUT: Readonly<Record<AskingState['what'], string>> = {
  email: 'This sends one message and changes nothing on this server.',
  admin: 'Nothing is changed yet: you review the changes first.',
  backup: 'Nothing is changed yet: you review the changes first. The key is remembered for later backups.',
  script: 'This writes one file and changes nothing else on this server.',
  support: 'This writes the archive, for root alone. Read it before you give it to somebody.',
};
