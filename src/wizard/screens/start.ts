import { fullLabel } from '../../answers/question.ts';
import { welcome } from '../../app/welcome.ts';
import { motionOf, moved } from '../kit/key.ts';
import type { Dispatch } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { RULE, type TextBlock, text } from '../view/block.ts';
import { asked } from './actions.ts';
import type { Screen } from './screen.ts';

declare module '../state/state.ts' {
  interface ScreenParts {
    start: { readonly start: { readonly selected: number } };
  }
}

interface Choice {
  readonly title: string;
  readonly about: string;
  choose(state: WizardState, dispatch: Dispatch): WizardState;
}

/** The page before the first install on a server. It stands on the overview, which is where Esc leads. */
export const startScreen: Screen<'start'> = {
  initial: () => ({ start: { selected: 0 } }),

  title: () => 'Welcome',

  view: (state) => {
    const { selected } = state.start;
    const choices = choicesOf(state);
    return {
      blocks: [
        { kind: 'list', items: choices.map(({ title }) => ({ text: title })), selected },
        text(choices[selected]?.about ?? '', { tone: 'dim' }),
        RULE,
        { ...welcomeBlock(state), most: 'rest', rest: '  ? shows all' },
      ],
    };
  },

  about: (state) => [welcomeBlock(state)],

  bindings: [
    {
      on: ['enter'],
      does: ({ start, answered }) => (start.selected === 0 && !answered.ready ? 'wait' : 'continue'),
      press: (state, _, dispatch) => choicesOf(state)[state.start.selected]?.choose(state, dispatch) ?? state,
    },
    {
      on: ['move'],
      does: 'move',
      press(state, key) {
        const motion = motionOf(key);
        if (motion === undefined) return state;
        const last = choicesOf(state).length - 1;
        return { ...state, start: { selected: moved(state.start.selected, motion, last, 5) } };
      },
    },
    { on: ['escape'], does: 'sections', press: goBack },
  ],
};

function choicesOf(state: WizardState): readonly Choice[] {
  return [
    firstChoice(state),
    {
      title: 'Look around',
      about: 'Shows all sections and their state on this server. Changes nothing.',
      choose: goBack,
    },
  ];
}

/** Both are the same way through the questions: what is there already is never installed a second time. */
function firstChoice({ answered, site }: WizardState): Choice {
  const choose = (state: WizardState, dispatch: Dispatch) => asked(state, dispatch, { type: 'continue' });
  if (!answered.ready) return { title: 'Install', about: 'Reading what this server already has …', choose };
  if (!site && answered.host.size === 0)
    return {
      title: 'Install',
      about: 'Nothing of the site is installed here yet. First the questions, then a review of every change.',
      choose,
    };
  return {
    title: 'Adopt the site on this server',
    about: `Answers found on this server: ${answered.host.size}. What is up to date stays as it is; you see each difference before it is changed.`,
    choose,
  };
}

/** @returns the labels of the answers that an answers file gives */
function fromFile({ sections, answered: { answers } }: WizardState): readonly string[] {
  const questions = sections.flatMap((section) => section.questions);
  return questions.filter(({ id }) => answers.sourceOf(id) === 'file').map(fullLabel);
}

function welcomeBlock(state: WizardState): TextBlock {
  const { what, time, needs } = welcome(state.sections.length);
  const given = fromFile(state);
  return {
    kind: 'text',
    paragraphs: [
      ...what.map((each) => ({ text: each })),
      ...(given.length === 0
        ? []
        : [{ text: `Filled in from the answers file, to be confirmed: ${given.join(', ')}.` }]),
      { text: `Time: ${time}.` },
      { text: 'Have ready:' },
      ...needs.map((each) => ({ text: each, mark: 'item' as const })),
    ],
  };
}
