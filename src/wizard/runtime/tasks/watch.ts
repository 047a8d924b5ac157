import type { Answers } from '../../../answers/answers.ts';
import type { Session } from '../../../app/session.ts';
import { WATCH, watchSetUp } from '../../../app/watch/set-up.ts';
import { nodesOf } from '../../../engine/graph.ts';
import { plan } from '../../../engine/plan.ts';
import { Secret } from '../../../output/secret.ts';
import { changesIn, entriesOf, problemsOf } from '../../../reporters/plan-view.ts';
import { readChannels } from '../../../watch/channels.ts';
import { answersIn, channelsOf } from '../../../watch/questions.ts';
import type { TaskOutcome } from '../../state/task.ts';
import { endOf, outcomeOf, type Preview } from '../preview.ts';

/** Sets the watch up, as `watch enable` does. @param given a secret that is not among them stays as it is */
export async function previewWatch(session: Session, given: Answers): Promise<Preview> {
  const answers = [...answersIn((await readChannels(session.host)) ?? {})].reduce(
    (all, [id, value]) => (value instanceof Secret && !all.has(id) ? all.with(id, value, 'host') : all),
    given,
  );
  const channels = channelsOf(answers);
  const nodes = nodesOf(WATCH, watchSetUp(session, channels));
  const planned = await plan(nodes, session.host);
  const silent = Object.keys(channels).length === 0;
  return {
    command: 'watch enable',
    title: 'Set up the watch',
    sections: [WATCH],
    planned,
    notices: silent
      ? [
          'You get no messages: failed checks are shown by the doctor, in the menu (What the watch found) and by studio-setup watch status.',
        ]
      : [],
    irreversible: [],
    problems: problemsOf(planned),
    mayKeep: false,
    nothing: 'The watch is on already, with these settings.',
    async executeRun(view): Promise<TaskOutcome> {
      const changes = changesIn(entriesOf(planned));
      const result = await view.execute('Setting up the watch', nodes, {
        command: 'watch enable',
        planned: changes,
      });
      const end = endOf(result);
      return outcomeOf(result, {
        title: { well: 'The watch is on', stopped: 'Stopped', failed: 'The watch is not set up' }[end],
        said:
          end === 'well'
            ? [
                'A first round was made; from now on one is made every 15 minutes.',
                ...(silent ? [] : ['To send a test message: studio-setup watch test']),
              ]
            : ['What was set up stays. Set up the watch again to resume from here.'],
      });
    },
  };
}
