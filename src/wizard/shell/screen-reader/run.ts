import { duration } from '../../../output/duration.ts';
import type { Task } from '../../state/run-model.ts';
import { run } from '../../screens/run.ts';
import type { State } from '../../state/state.ts';
import { EVERYTHING, type Said, type SaidState, saidLine } from './item.ts';

/** Tasks that are said; those before were said when they ended. */
const TASKS = 20;
/** Percent from which on progress is said again. */
const STEP = 10;

/** What begins, what ends and how, as it happens. The arrows say other rows; what is at work is not said each second. */
export function runSaid(state: State): readonly Said[] {
  const { model, follow, stopping } = state.run;
  const tasks = [...model.tasks.values()]
    .filter((task) => task.state !== 'waiting' && task.state !== 'unchanged')
    .sort((one, other) => one.startedAt - other.startedAt)
    .slice(-TASKS);
  const titles = new Map(model.sections.map(({ id, title }) => [id, title]));
  const all = model.tasks.size;
  const percent = all === 0 ? 0 : Math.floor((100 / STEP) * (model.finished / all)) * STEP;
  return [
    ...(stopping ? [{ text: 'Stopping after what is running.' }] : []),
    { role: 'progressbar', text: `${percent} %` },
    ...model.warnings.map((text) => ({ text: `Note: ${text}` })),
    {
      role: 'list',
      text: 'Steps',
      items: tasks.map((task) => taskSaid(task, titles.get(task.section) ?? task.section)),
    },
    ...(follow ? [] : selectedSaid(state)),
  ];
}

function taskSaid(task: Task, section: string): Said {
  const states: readonly SaidState[] = task.state === 'working' ? ['busy'] : [];
  return { role: 'listitem', text: `${section}, ${task.title}: ${howOf(task)}`, states };
}

function howOf(task: Task): string {
  if (task.state === 'working') return 'at work';
  if (task.state === 'failed') return `failed. ${task.problem?.what ?? ''}`;
  return task.state === 'skipped' ? 'not done' : `done, ${duration(task.ms)}`;
}

/** The row that the operator went to. */
function selectedSaid(state: State): readonly Said[] {
  const line = run.lines(state, EVERYTHING).find((each) => each[0]?.text.startsWith('›'));
  return line === undefined ? [] : [{ ...saidLine(line), role: 'listitem' }];
}
