import { createHash } from 'node:crypto';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import { command } from '../src/operations/command.ts';
import { runningUnit } from '../src/operations/unit.ts';
import { ProblemError } from '../src/output/problem.ts';
import { TIMERS, UNITS } from '../src/site/layout.ts';
import { journalOf, unitState } from '../src/site/units.ts';
import { BEFORE_THE_SITE } from './uwsgi.ts';

const section: Section = {
  id: 'periodic-tasks',
  title: 'Periodic tasks',
  heading: 'Configuration files › Periodic tasks',
  summary: 'Five systemd timers, and the service that each of them starts, run once to see that it works.',
  needs: [...BEFORE_THE_SITE, 'background-tasks'],
  questions: [],
  operations: () => TIMERS.flatMap((name) => [timer(name), firstRun(name)]),
};
export default section;

function timer(name: string): Operation {
  return runningUnit({
    id: `periodic-tasks/${name}.timer`,
    unit: `${name}.timer`,
    // Only one of them does something to the background tasks; the others need not wait for those to start.
    after: name === 'studio-background-restart' ? section.needs : BEFORE_THE_SITE,
    covers: ['files-first', `timer-${name}`, 'timers-enable', 'timers-list'],
  });
}

/** A timer that runs proves nothing of what it starts. */
function firstRun(name: string): Operation {
  const unit = `${name}.service`;
  return command({
    id: `periodic-tasks/${name}`,
    title: `${unit} runs`,
    after: [`periodic-tasks/${name}.timer`],
    covers: [`timer-${name}`, 'timers-services'],
    shell: [`systemctl start ${unit}`],
    script: [`systemctl start ${unit}`],
    irreversible: 'what the task did stays done',
    async missing(host) {
      const state = await unitState(host, unit);
      if (state.result !== 'success') return `its last run failed (${state.result})`;
      if (state.lastStart > 0) return undefined;
      // Not since this boot: what an earlier run of the same unit proved still holds.
      const text = await host.read(`${UNITS}/${unit}`);
      if (text === undefined) return 'not run yet';
      return host.hint(`ran:${unit}`) === sum(text) ? undefined : 'not run yet';
    },
    async apply(live) {
      const { code } = await live.run(['systemctl', 'start', unit], {
        accept: [0, 1],
        timeoutMs: 10 * 60_000,
      });
      const state = await unitState(live, unit);
      if (code !== 0 || state.result !== 'success') {
        throw new ProblemError({
          what: `${unit} was started and failed (${state.result}).`,
          remedy: `Its journal is above (all of it: journalctl -u ${unit}): fix what it names, then run again.`,
          command: `systemctl start ${unit}`,
          detail: await journalOf(live, unit),
        });
      }
      live.remember(`ran:${unit}`, sum((await live.read(`${UNITS}/${unit}`)) ?? ''));
    },
  });
}

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
