import { confirmScreen } from '../screens/confirm.ts';
import { conflictScreen } from '../screens/conflict.ts';
import { domainScreen } from '../screens/domain.ts';
import { failureScreen } from '../screens/failure.ts';
import { finishScreen } from '../screens/finish.ts';
import { logScreen } from '../screens/log.ts';
import { menuScreen } from '../screens/menu.ts';
import { outcomeScreen } from '../screens/outcome.ts';
import { overviewScreen } from '../screens/overview.ts';
import { questionsScreen } from '../screens/questions.ts';
import { reviewScreen } from '../screens/review.ts';
import { runScreen } from '../screens/run.ts';
import { runsScreen } from '../screens/runs.ts';
import type { Screen } from '../screens/screen.ts';
import type { ScreenName, WizardState } from '../state/state.ts';

const SCREENS: Readonly<Record<ScreenName, Screen>> = {
  overview: overviewScreen,
  menu: menuScreen,
  domain: domainScreen,
  runs: runsScreen,
  outcome: outcomeScreen,
  questions: questionsScreen,
  review: reviewScreen,
  confirm: confirmScreen,
  conflict: conflictScreen,
  run: runScreen,
  log: logScreen,
  failure: failureScreen,
  finish: finishScreen,
};

export function screenOf(state: WizardState): Screen {
  return SCREENS[state.screen];
}
