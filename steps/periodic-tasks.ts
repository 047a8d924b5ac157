import { createHash } from 'node:crypto';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import { command } from '../src/operations/command.ts';
import { stoppedUnit } from '../src/operations/own-units.ts';
import { runningUnit } from '../src/operations/unit.ts';
import { ProblemError } from '../src/output/problem.ts';
import { readUnit } from '../src/site/daemon-reload.ts';
import { TIMERS, UNITS } from '../src/site/layout.ts';
import { hasAnyRole } from '../src/site/roles.ts';
import { journalOf, unitState } from '../src/site/units.ts';
import { BEFORE_THE_SITE } from './uwsgi.ts';

const section: Section = {
  id: 'periodic-tasks',
  title: 'Periodic tasks',
  heading: 'Configuration files › Periodic tasks',
  summary: 'Five systemd timers. The service that each of them starts is run once, to check that it works.',
  needs: [...BEFORE_THE_SITE, 'background-tasks'],
  questions: [],
  operations: (answers) =>
    hasAnyRole(answers, 'background')
      ? // Timers that are enabled together share one reading of the unit files.
        [...TIMERS.map(timer), ...TIMERS.map(firstRun)]
      : TIMERS.map((name) => stoppedUnit(`periodic-tasks/${name}.timer`, `${name}.timer`)),
};
export default section;

function timer(name: string): Operation {
  return runningUnit({
    id: `periodic-tasks/${name}.timer`,
    unit: `${name}.timer`,
    after: placeOf(name),
    covers: ['files-first', `timer-${name}`, 'timers-enable', 'timers-list'],
  });
}

/** Only one of them does something to the background tasks; the others need not wait for those to start. */
function placeOf(name: string): readonly string[] {
  return name === 'studio-background-restart' ? section.needs : BEFORE_THE_SITE;
}

/** A timer that runs proves nothing of what it starts, which need not wait for it. */
function firstRun(name: string): Operation {
  const unit = `${name}.service`;
  return command({
    id: `periodic-tasks/${name}`,
    title: `run ${unit} once`,
    after: placeOf(name),
    covers: [`timer-${name}`, 'timers-services'],
    shell: ['systemctl daemon-reload', `systemctl start ${unit}`],
    script: [`systemctl start ${unit}`],
    irreversible: 'the effects of the periodic tasks stay',
    async missing(host) {
      const state = await unitState(host, unit);
      if (state.result !== 'success') return `its last run failed (${state.result})`;
      // Its timer would go on with what systemd has read.
      if (state.fileChanged) return 'its file changed';
      if (state.lastStart > 0) return undefined;
      // Not since this boot: what an earlier run of the same unit proved still holds.
      const text = await host.read(`${UNITS}/${unit}`);
      if (text === undefined) return 'not run yet';
      return host.hint(`ran:${unit}`) === sum(text) ? undefined : 'not run yet';
    },
    async apply(live) {
      await readUnit(live, await unitState(live, unit));
      const { code } = await live.run(['systemctl', 'start', unit], {
        accept: [0, 1],
        timeoutMs: 10 * 60_000,
      });
      const state = await unitState(live, unit);
      if (code !== 0 || state.result !== 'success') {
        throw new ProblemError({
          what: `${unit} failed (${state.result}).`,
          remedy: `Read its log above (in full: journalctl -u ${unit}), fix the cause, then run again.`,
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
