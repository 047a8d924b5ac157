import { askingScreen } from '../screens/asking.ts';
import { confirmScreen } from '../screens/confirm.ts';
import { conflictScreen } from '../screens/conflict.ts';
import { domainScreen } from '../screens/domain.ts';
import { failureScreen } from '../screens/failure.ts';
import { finishScreen } from '../screens/finish.ts';
import { journalScreen } from '../screens/journal.ts';
import { logScreen } from '../screens/log.ts';
import { menuScreen } from '../screens/menu.ts';
import { outcomeScreen } from '../screens/outcome.ts';
import { overviewScreen } from '../screens/overview.ts';
import { questionsScreen } from '../screens/questions/screen.ts';
import { resultScreen } from '../screens/result.ts';
import { reviewScreen } from '../screens/review/screen.ts';
import { runScreen } from '../screens/run.ts';
import { runsScreen } from '../screens/runs.ts';
import type { Screen } from '../screens/screen.ts';
import { servicesScreen } from '../screens/services.ts';
import { startScreen } from '../screens/start.ts';
import { warningsScreen } from '../screens/warnings.ts';
import type { ScreenName, SharedState, WizardState } from '../state/state.ts';

/** A row for each; its name is that of its part of the state. */
const SCREENS: { readonly [Name in ScreenName]: Screen<Name> } = {
  start: startScreen,
  overview: overviewScreen,
  menu: menuScreen,
  domain: domainScreen,
  runs: runsScreen,
  services: servicesScreen,
  journal: journalScreen,
  asking: askingScreen,
  result: resultScreen,
  outcome: outcomeScreen,
  questions: questionsScreen,
  review: reviewScreen,
  confirm: confirmScreen,
  conflict: conflictScreen,
  run: runScreen,
  log: logScreen,
  warnings: warningsScreen,
  failure: failureScreen,
  finish: finishScreen,
};

export function screenOf(state: WizardState): Screen {
  return SCREENS[state.screen];
}

/** @returns the parts of the state that belong to screens, as they begin */
export function initialParts(): Omit<WizardState, keyof SharedState> {
  const parts = Object.values(SCREENS).map((screen) => screen.initial());
  return Object.assign({}, ...parts) as Omit<WizardState, keyof SharedState>;
}
