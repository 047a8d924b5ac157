import { Answers } from '../answers/answers.ts';
import { unitValues } from '../configs/unit.ts';
import type { Service } from '../engine/service.ts';
import type { Host } from '../host/host.ts';
import { certbotTimer } from '../site/certbot.ts';
import { isLocal } from '../site/database.ts';
import { CERTBOT_TIMER, POSTGRESQL_UNIT, TIMERS, UNITS } from '../site/layout.ts';
import { endsHttps, hasAnyRole } from '../site/roles.ts';
import { unitState } from '../site/units.ts';
import { type Check, type Fix, failing, fine } from './check.ts';
import { timerFixes } from './fixes.ts';

interface AtBoot {
  readonly unit: string;
  /** The target that has to start it; what its own file says when absent. */
  readonly target?: string;
  readonly fixes: readonly Fix[];
}

/** @returns the check of what systemd will start at the next boot: a link in a target that exists. `is-enabled` is content with less (trap 3). */
export function survivesReboot(services: readonly Service[]): Check {
  return {
    id: 'reboot',
    title: 'Comes back after a reboot',
    asks: 'Looks, for each service and timer, for its link in a target that exists. `systemctl is-enabled` does not check whether the target exists.',
    means: 'Everything works until the next reboot; then a part of the site is down.',
    fixes: [...new Set([...services, ...unitsAtBoot(services, new Answers())].flatMap(({ fixes }) => fixes))],
    answers: ['database.host'],
    async run(host, answers) {
      const timer = await certbotTimer(host);
      const all = unitsAtBoot(services, answers).map((each) =>
        each.unit === CERTBOT_TIMER ? { ...each, unit: timer } : each,
      );
      const found = await Promise.all(all.map(async (each) => [each, await lost(host, each)] as const));
      const wrong = found.flatMap(([each, why]) => (why === undefined ? [] : [{ ...each, why }]));
      if (wrong.length > 0)
        return failing(
          `These would not start after a reboot: ${wrong.map(({ unit, why }) => `${unit} (${why})`).join(', ')}.`,
          'Run: studio-setup run. If a unit is masked, unmask it first: systemctl unmask UNIT',
          [...new Set(wrong.flatMap(({ fixes }) => fixes))],
        );
      const due =
        (await host.status('/run/reboot-required')) === undefined ? '' : ' Updates wait for a reboot.';
      return fine(`All ${all.length} units start at boot.${due}`);
    },
  };
}

function unitsAtBoot(services: readonly Service[], answers: Answers): readonly AtBoot[] {
  return [
    ...services.filter(({ applies }) => applies?.(answers) ?? true),
    ...(hasAnyRole(answers, 'background')
      ? TIMERS.map((name) => ({ unit: `${name}.timer`, fixes: timerFixes(name) }))
      : []),
    ...(endsHttps(answers)
      ? [{ unit: CERTBOT_TIMER, target: 'timers.target', fixes: ['certificate/timer'] }]
      : []),
    ...(localDatabase(answers)
      ? [{ unit: POSTGRESQL_UNIT, target: 'multi-user.target', fixes: ['database/running'] }]
      : []),
  ];
}

function localDatabase(answers: Answers): boolean {
  // Where settings.py can't be read nobody knows; most sites have it here.
  return answers.has('database.host') ? isLocal(answers) : hasAnyRole(answers, 'database');
}

async function lost(host: Host, { unit, target }: AtBoot): Promise<string | undefined> {
  const { fileState, loaded } = await unitState(host, unit);
  if (fileState === 'masked') return 'masked';
  if (!loaded) return 'not there';
  const source = await host.read(`${UNITS}/${unit}`);
  const targets =
    target !== undefined
      ? [target]
      : unitValues(source ?? '', 'Install', 'WantedBy').flatMap((value) => value.split(/\s+/));
  for (const each of targets) {
    if (each === 'timer.target') continue;
    if ((await host.status(`${UNITS}/${each}.wants/${unit}`)) !== undefined) return undefined;
  }
  return targets.includes('timer.target') ? 'timer.target does not exist' : 'not enabled';
}
