import { type Key, motionOf, moved } from '../kit/key.ts';
import type { Dispatch } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { RULE, text } from '../view/block.ts';
import { asked } from './actions.ts';
import type { Screen } from './screen.ts';

/** A service of the site, and what it is for. */
export interface ListedService {
  /** As typed: `studio-background`. */
  readonly name: string;
  readonly about: string;
}

interface ServicesState {
  /** What one is chosen for. */
  readonly purpose: 'logs' | 'restart';
  readonly rows: readonly ListedService[];
  readonly selected: number;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    services: { readonly services: ServicesState };
  }
}

const TITLES = { logs: 'Service logs', restart: 'Restart a service' } as const;

/** The services of the site, of which one is chosen: to read its log, or to restart it. */
export const servicesScreen: Screen<'services'> = {
  initial: () => ({ services: { purpose: 'logs', rows: [], selected: 0 } }),

  title: ({ services }) => TITLES[services.purpose],

  view: ({ services: { rows, selected } }) => ({
    blocks: [
      { kind: 'list', items: rows.map(({ name }) => ({ text: name })), selected },
      RULE,
      { ...text(rows[selected]?.about ?? '', { tone: 'dim' }), most: 3 },
    ],
  }),

  bindings: [
    {
      on: ['enter'],
      does: ({ services }) => (services.purpose === 'logs' ? 'show' : 'review'),
      press: choose,
    },
    {
      on: ['move'],
      does: 'move',
      press(state, key) {
        const { rows, selected } = state.services;
        const motion = motionOf(key);
        if (motion === undefined || rows.length === 0) return state;
        return {
          ...state,
          services: { ...state.services, selected: moved(selected, motion, rows.length - 1, 5) },
        };
      },
    },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  find: {
    texts: ({ services }) => services.rows.map(({ name, about }) => `${name} ${about}`),
    at: ({ services }) => services.selected,
    go: (state, index) => ({ ...state, services: { ...state.services, selected: index } }),
  },
};

function choose(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const { purpose, rows, selected } = state.services;
  const row = rows[selected];
  if (row === undefined) return state;
  const services = row.name === ALL_SERVICES ? [] : [row.name];
  return purpose === 'logs'
    ? asked(state, dispatch, { type: 'service-logs', services })
    : asked(state, dispatch, { type: 'task', request: { kind: 'restart', services } });
}

/** The row that stands for all of them together. */
export const ALL_SERVICES = 'all services';
