import { procedures } from '../../procedures/index.ts';
import type { ProcedureKind } from '../../procedures/procedure.ts';
import { motionOf, moved } from '../kit/key.ts';
import type { Tone } from '../kit/line.ts';
import type { Dispatch } from '../state/intent.ts';
import { goBack, goHome, goTo } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { RULE, type TextBlock, text } from '../view/block.ts';
import type { Screen } from './screen.ts';

declare module '../state/state.ts' {
  interface ScreenParts {
    menu: { readonly menu: { readonly selected: number } };
  }
}

interface Item {
  readonly title: string;
  readonly about: string;
  /** It is for any server; the others are for one that has a site. */
  readonly anyServer?: true;
  choose(state: WizardState, dispatch: Dispatch): WizardState;
}

/** @returns the menu, on its first row */
export function openMenu(state: WizardState): WizardState {
  return goTo({ ...state, menu: { selected: 0 } }, 'menu');
}

/** What an operator comes back for, the most frequent first. What changes something shows first what; the rest asks, or only looks. */
const ITEMS: readonly Item[] = [
  {
    title: 'Check the site',
    about: 'Runs all checks of the site and its services. Changes nothing.',
    choose: ask({ type: 'check' }),
  },
  {
    title: 'Service logs …',
    about: 'The latest log lines of a service, with secrets masked. Changes nothing.',
    choose: ask({ type: 'list-services', purpose: 'logs' }),
  },
  {
    title: 'Restart a service …',
    about: 'Restarts one service after you confirm, then checks that it works.',
    choose: ask({ type: 'list-services', purpose: 'restart' }),
  },
  {
    title: "The site's address",
    about: 'The addresses for visitors and administrators, ready to copy. Changes nothing.',
    choose: ask({ type: 'show-address' }),
  },
  {
    title: 'Fix failed checks',
    about: 'Runs all checks, then only the steps that fix what failed. You review them first.',
    choose: ask({ type: 'task', request: { kind: 'fix' } }),
  },
  {
    title: 'Add an administrator or reset a password …',
    about:
      'For an account that can log in at /admin/. Type the password twice, or let one be generated and shown once.',
    choose: ask({ type: 'ask', form: 'admin' }),
  },
  {
    title: 'Send a test e-mail …',
    about: 'The site sends one message with its own settings, and you see how the mail server responds.',
    choose: ask({ type: 'ask', form: 'email' }),
  },
  {
    title: 'What the watch found',
    about: 'Whether the watch is on, what failed, and what you were told. Changes nothing.',
    choose: ask({ type: 'show-watch' }),
  },
  {
    title: 'Set up the watch …',
    about:
      'Has the site checked four times an hour, and asks how to tell you what fails: by e-mail, a webhook, a heartbeat or Prometheus. You review the changes first.',
    choose: ask({ type: 'ask', form: 'watch' }),
  },
  {
    title: 'Make a backup',
    about:
      "One encrypted archive of what can't be recreated: the database, settings, keys, certificates, uploads. The first one asks for the public key that it is encrypted for.",
    choose: ask({ type: 'ask', form: 'backup' }),
  },
  {
    title: 'Run one section again',
    about:
      'Goes to the overview, where you select a section and press r. Sections that it needs are checked, not repeated.',
    anyServer: true,
    choose: (state) => ({ ...goHome(state), notice: 'Select a section, then press r.' }),
  },
  {
    title: 'Undo a run …',
    about:
      'Lists the runs that changed something, newest first. Undoing a run restores its files, links and units.',
    anyServer: true,
    choose: ask({ type: 'list-runs' }),
  },
  ...procedures.map(procedure),
  {
    title: 'Write a script …',
    about: 'Writes what a run would do now as a shell script, into the current directory.',
    anyServer: true,
    choose: ask({ type: 'ask', form: 'script' }),
  },
  {
    title: 'Support bundle …',
    about:
      'What somebody needs to help: plan, doctor, logs and configuration, without secrets. Listed before it is written.',
    anyServer: true,
    choose: ask({ type: 'ask', form: 'support' }),
  },
];

function procedure({ id, menu: { title, about, asksDomain } }: ProcedureKind): Item {
  if (asksDomain) return { title, about, choose: ask({ type: 'ask-domain' }) };
  const more = 'The result is proved at the end; if anything fails, the old state is restored.';
  return {
    title,
    about: `${about} ${more}`,
    choose: ask({ type: 'task', request: { kind: 'procedure', id, given: {} } }),
  };
}

function ask(intent: Parameters<Dispatch>[0]): Item['choose'] {
  return (state, dispatch) => {
    dispatch(intent);
    return state;
  };
}

/** @returns what can be done on this server: most of it only where a site is */
function itemsOf({ site }: WizardState): readonly Item[] {
  return site ? ITEMS : ITEMS.filter(({ anyServer }) => anyServer);
}

/** What can be done for a site that is there, and the little that can be done without. */
export const menuScreen: Screen<'menu'> = {
  initial: () => ({ menu: { selected: 0 } }),

  title: () => 'What do you want to do?',

  view: (state) => ({
    blocks: [
      {
        kind: 'list',
        items: itemsOf(state).map(({ title }) => ({ text: title })),
        selected: state.menu.selected,
      },
      RULE,
      { ...aboutItem(state, 'dim'), most: 4, rest: '  ? shows all' },
      ...(state.site ? [] : [text('The menu has more once the site is installed.', { tone: 'dim' })]),
    ],
  }),

  about: (state) => [aboutItem(state)],

  bindings: [
    {
      on: ['enter'],
      does: 'choose',
      press: (state, _, dispatch) => itemsOf(state)[state.menu.selected]?.choose(state, dispatch) ?? state,
    },
    {
      on: ['move'],
      does: 'move',
      press(state, key) {
        const motion = motionOf(key);
        if (motion === undefined) return state;
        const last = itemsOf(state).length - 1;
        return { ...state, menu: { selected: moved(state.menu.selected, motion, last, 5) } };
      },
    },
    { on: ['escape'], does: 'overview', press: goBack },
  ],

  find: {
    texts: (state) => itemsOf(state).map(({ title, about }) => `${title} ${about}`),
    at: (state) => state.menu.selected,
    go: (state, index) => ({ ...state, menu: { selected: index } }),
  },
};

function aboutItem(state: WizardState, tone: Tone = 'plain'): TextBlock {
  return text(itemsOf(state)[state.menu.selected]?.about ?? '', { tone });
}
