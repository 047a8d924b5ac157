import { Answers } from '../../answers/answers.ts';
import { applies } from '../../answers/applies.ts';
import type { Question } from '../../answers/question.ts';
import { accept, isSecret } from '../../answers/values.ts';
import { RECIPIENT } from '../../app/test-recipient.ts';
import { RECIPIENT as BACKUP_RECIPIENT } from '../../backup/recipient.ts';
import { clean } from '../../output/clean.ts';
import { Secret } from '../../output/secret.ts';
import { EMAIL, PASSWORD, USERNAME } from '../../site/administrator.ts';
import { WATCH_QUESTIONS } from '../../watch/questions.ts';
import type { Key } from '../kit/key.ts';
import type { TextField } from '../kit/text-field.ts';
import { answerRefusal, shownText, typed } from '../state/answer-field.ts';
import type { Dispatch, Intent } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { type Field, GAP, RULE, type TextBlock, text } from '../view/block.ts';
import { asked } from './actions.ts';
import type { Screen } from './screen.ts';

/** A few answers that something of day two asks for. */
export interface AskingState {
  readonly what: Extract<Intent, { type: 'ask' }>['form'];
  /** What it will do. */
  readonly intro: string;
  /** By the id of its question, what is typed or chosen. */
  readonly fields: Readonly<Record<string, TextField>>;
  /** Ids of what somebody edited: in the others, what is typed takes the place of what is there. */
  readonly edited: readonly string[];
  /** Ids of secrets that this server has, and that stay while nothing is typed. */
  readonly kept: readonly string[];
  /** Whether its owner wants to see what is typed. */
  readonly revealed: boolean;
  /** The id of a question, or of the button. */
  readonly focus: string;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    asking: { readonly asking: AskingState | undefined };
  }
}

interface Form {
  readonly title: string;
  readonly button: string;
  /** What Enter does on the button. */
  readonly does: string;
  /** Said of the button. */
  readonly about: string;
  readonly questions: readonly Question[];
  /** @param answers to those of the questions that apply @returns what the button asks for */
  performed(answers: Answers): Intent;
}

const NEXT = 'next';

const HOW: Question = {
  id: 'how',
  label: 'New password',
  help: 'Press Space to switch. A generated password has 20 letters and digits.',
  kind: 'choice',
  choices: [
    { value: 'generated', label: 'generated and shown once' },
    { value: 'typed', label: 'typed by you, twice' },
  ],
  default: 'generated',
};
const isTypedPassword = (answers: Answers) => answers.optionalText('how') === 'typed';
const NEW_PASSWORD: Question = { ...PASSWORD, when: isTypedPassword };
const AGAIN: Question = {
  ...NEW_PASSWORD,
  id: 'again',
  label: 'Password again',
  help: 'A typo would lock you out of the account.',
};
const PUBLIC_KEY: Question = { ...BACKUP_RECIPIENT, label: 'Public key' };
const REVIEWED = 'Nothing is changed yet: you review the changes first.';

const FORMS: Readonly<Record<AskingState['what'], Form>> = {
  email: {
    title: 'Send a test e-mail',
    button: 'Send it now',
    does: 'send',
    about: 'This sends one message and changes nothing on this server.',
    questions: [RECIPIENT],
    performed: (answers) => ({ type: 'send-email', address: answers.text(RECIPIENT.id) }),
  },
  admin: {
    title: 'Administrator',
    button: 'Continue to the review',
    does: 'review',
    about: REVIEWED,
    questions: [USERNAME, EMAIL, HOW, NEW_PASSWORD, AGAIN],
    performed: (answers) => {
      const [username, email] = [answers.text(USERNAME.id), answers.optionalText(EMAIL.id) ?? ''];
      const password = answers.optionalSecret(PASSWORD.id);
      return { type: 'task', request: { kind: 'admin', username, email, password } };
    },
  },
  backup: {
    title: 'Make a backup',
    button: 'Continue to the review',
    does: 'review',
    about: `${REVIEWED} The key is remembered for later backups.`,
    questions: [PUBLIC_KEY],
    performed: (answers) => ({
      type: 'task',
      request: { kind: 'backup', recipients: [answers.text(PUBLIC_KEY.id)] },
    }),
  },
  watch: {
    title: 'Set up the watch',
    button: 'Continue to the review',
    does: 'review',
    about: `${REVIEWED} If you leave everything empty, failed checks are only shown by the doctor, in the menu and by studio-setup watch status.`,
    questions: WATCH_QUESTIONS,
    performed: (answers) => ({ type: 'task', request: { kind: 'watch', answers } }),
  },
  script: {
    title: 'Write a script',
    button: 'Write it now',
    does: 'write',
    about: 'This writes one file and changes nothing else on this server.',
    questions: [],
    performed: () => ({ type: 'script', names: [] }),
  },
  support: {
    title: 'Support bundle',
    button: 'Write it now',
    does: 'write',
    about: 'This writes the archive, for root alone. Read it before you give it to somebody.',
    questions: [],
    performed: () => ({ type: 'support-bundle' }),
  },
};

/** @param preset by the ids of questions, what the fields have in them at first @param kept see {@link AskingState} */
export function askedFor(
  what: AskingState['what'],
  intro: string,
  preset: Readonly<Record<string, string>> = {},
  kept: readonly string[] = [],
): AskingState {
  const fields = Object.fromEntries(
    FORMS[what].questions.map(({ id }) => [id, { id, before: preset[id] ?? '', after: '' }]),
  );
  const asking: AskingState = { what, intro, fields, edited: [], kept, revealed: false, focus: NEXT };
  return { ...asking, focus: rowsOf(asking)[0] ?? NEXT };
}

/** @returns the answers that are no secrets, as far as they can be taken: what else is asked hangs on them */
function answersOf(shown: AskingState): Answers {
  let answers = new Answers();
  for (const question of FORMS[shown.what].questions) {
    if (isSecret(question) || !applies(question, answers)) continue;
    const accepted = accept(question, textIn(shown, question, answers));
    if ('value' in accepted) answers = answers.with(question.id, accepted.value, 'asked');
  }
  return answers;
}

function questionsOf(shown: AskingState): readonly Question[] {
  const answers = answersOf(shown);
  return FORMS[shown.what].questions.filter((question) => applies(question, answers));
}

function rowsOf(shown: AskingState): readonly string[] {
  return [...questionsOf(shown).map(({ id }) => id), NEXT];
}

function questionAt({ what, focus }: AskingState): Question | undefined {
  return FORMS[what].questions.find(({ id }) => id === focus);
}

/** Asks for what something of day two needs to know, and says what it will do; nothing happens before its button. */
export const askingScreen: Screen<'asking'> = {
  initial: () => ({ asking: undefined }),

  title: ({ asking }) => (asking === undefined ? '' : FORMS[asking.what].title),

  view({ asking }) {
    if (asking === undefined) return { blocks: [] };
    const button: Field = { role: 'button', label: FORMS[asking.what].button, value: '' };
    return {
      blocks: [
        text(asking.intro, { tone: 'dim' }),
        GAP,
        {
          kind: 'fields',
          fields: [...questionsOf(asking).map((question) => fieldOf(asking, question)), button],
          focused: rowsOf(asking).indexOf(asking.focus),
        },
        RULE,
        { ...helpOn(asking), most: 'rest' },
      ],
    };
  },

  bindings: [
    {
      on: ['enter'],
      does: ({ asking }) => (asking?.focus === NEXT ? FORMS[asking.what].does : 'next'),
      press: enter,
    },
    {
      on: [' ', 'left', 'right'],
      does: 'switch',
      when: ({ asking }) => asking !== undefined && questionAt(asking)?.kind === 'choice',
      press: (state) => changed(state, switched),
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
      when: ({ asking }) => {
        const question = asking && questionAt(asking);
        return question !== undefined && isSecret(question);
      },
      press: (state) => changed(state, ({ revealed }) => ({ revealed: !revealed })),
    },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  typing: ({ asking }) => asking !== undefined && typedAt(asking) !== undefined,

  type: (state, key) =>
    changed(state, (shown) => {
      const question = typedAt(shown);
      if (question === undefined) return {};
      const { id } = question;
      const replaces = !shown.edited.includes(id) && (key.name === 'char' || key.name === 'paste');
      const before = replaces ? { id, before: '', after: '' } : fieldAt(shown, question);
      const field = typed(before, key, question);
      return field === undefined ? {} : edited(shown, field);
    }),
};

/** @returns the focused question, if its answer is typed */
function typedAt(shown: AskingState): Question | undefined {
  const question = questionAt(shown);
  return question?.kind === 'choice' ? undefined : question;
}

function edited({ fields, edited: before }: AskingState, field: TextField): Partial<AskingState> {
  return { fields: { ...fields, [field.id]: field }, edited: [...before, field.id] };
}

/** To the next choice. */
function switched(shown: AskingState): Partial<AskingState> {
  const question = questionAt(shown);
  if (question === undefined) return {};
  const values = (question.choices ?? []).map(({ value }) => value);
  const next = values[(values.indexOf(textIn(shown, question)) + 1) % values.length] ?? '';
  return { ...edited(shown, { id: question.id, before: next, after: '' }), revealed: false };
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
  const asksFor = questionsOf(shown).filter(({ id }) => focus === NEXT || id === focus);
  for (const question of asksFor) {
    const refused = refusedIn(shown, question);
    if (refused === undefined) continue;
    const field = { ...fieldAt(shown, question), refused };
    return changed(state, () => ({ ...edited(shown, field), focus: question.id }));
  }
  if (focus !== NEXT) return movedBy(state, 1);
  return asked(state, dispatch, FORMS[shown.what].performed(withSecrets(shown)));
}

/** Only now: all output is masked for a {@link Secret} from its making on, and each beginning of it would be one. */
function withSecrets(shown: AskingState): Answers {
  const secrets = questionsOf(shown).filter(isSecret);
  return secrets.reduce((answers, question) => {
    const text = textIn(shown, question);
    return text === '' ? answers : answers.with(question.id, new Secret(text), 'asked');
  }, answersOf(shown));
}

/** What stands in a field; of one that nobody edited, perhaps a default. */
function fieldAt(shown: AskingState, question: Question, answers?: Answers): TextField {
  const { id, default: preset } = question;
  const field = shown.fields[id] ?? { id, before: '', after: '' };
  if (field.before + field.after !== '' || shown.edited.includes(id)) return field;
  const value = typeof preset === 'function' ? preset(answers ?? answersOf(shown)) : preset;
  return typeof value === 'string' ? { ...field, before: value } : field;
}

/** @param answers those before it, where they are not complete yet */
function textIn(shown: AskingState, question: Question, answers?: Answers): string {
  const { before, after } = fieldAt(shown, question, answers);
  return before + after;
}

/** Why the whole answer is refused. */
function refusedIn(shown: AskingState, question: Question): string | undefined {
  const entered = textIn(shown, question);
  if (question === AGAIN)
    return entered === textIn(shown, NEW_PASSWORD) ? undefined : 'The two passwords differ.';
  if (entered === '' && (question.skippable !== undefined || shown.kept.includes(question.id)))
    return undefined;
  if (isSecret(question))
    return entered === '' ? 'An answer is required.' : answerRefusal(fieldAt(shown, question), question);
  const accepted = accept(question, entered);
  return 'refused' in accepted ? accepted.refused : undefined;
}

function fieldOf(shown: AskingState, question: Question): Field {
  const field = fieldAt(shown, question);
  const both = shownText(field, question, shown.revealed && shown.focus === question.id);
  const value = both.before + both.after;
  const { label, choices } = question;
  if (choices !== undefined)
    return { role: 'combobox', label, value: choices.find((each) => each.value === value)?.label ?? value };
  return {
    role: 'textbox',
    label,
    value: value === '' && shown.kept.includes(question.id) ? 'as it is on this server' : value,
    typed: both,
    secret: isSecret(question),
    refused: field.refused,
  };
}

/** What the focused row is about, and why it would be refused. */
function helpOn(shown: AskingState): TextBlock {
  const question = questionAt(shown);
  if (question === undefined) return text(FORMS[shown.what].about, { tone: 'dim' });
  const field = fieldAt(shown, question);
  const refused = question === AGAIN ? field.refused : answerRefusal(field, question);
  const left = question.skippable === undefined ? '' : ` May be empty: ${question.skippable}`;
  const kept = shown.kept.includes(question.id) ? ' Empty: it stays as it is on this server.' : left;
  return {
    kind: 'text',
    paragraphs: [
      ...(refused === undefined
        ? []
        : [{ text: clean(refused), mark: 'failed', tone: 'bad', whileTyped: true } as const]),
      { text: `${question.help}${kept}`, tone: 'dim' },
    ],
  };
}
