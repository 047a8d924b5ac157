import type { Answers } from '../answers/answers.ts';
import type { Section } from '../engine/section.ts';
import { CODE, endsHttps, hasAnyRole, isBalanced } from '../site/roles.ts';
import { servicesOf } from '../site/services.ts';
import { backupFresh, backupProved } from './backup.ts';
import { servesBalancers } from './balanced.ts';
import { certificateIsServed, renewalIsSetUp, renewalTried } from './certificate.ts';
import type { Check } from './check.ts';
import { databaseServer } from './database.ts';
import {
  backgroundQueue,
  databasePage,
  productionSettings,
  siteRecordAgrees,
  staticFiles,
} from './django.ts';
import { integrationsAreOn } from './integrations.ts';
import { clock, disk, memory } from './machine.ts';
import { maintenanceEnds } from './maintenance.ts';
import { namesPointHere } from './names.ts';
import { nginxConfiguration } from './nginx.ts';
import { placeholders } from './placeholders.ts';
import { survivesReboot } from './reboot.ts';
import { rootsFilesAreClosed, siteCanWork } from './rights.ts';
import { unitsOfRoot } from './root-units.ts';
import { searchAnswers, searchIsFilled, searchKeysMatch } from './search.ts';
import { secretsAreClosed } from './secrets.ts';
import { timers } from './timers.ts';
import { serviceCheck } from './units.ts';
import { watching } from './watch.ts';
import { httpRedirects, httpsAnswers } from './web.ts';

/** @returns the scorecard: what `doctor` runs and what a run ends with, in this order; services of the sections' own are in it */
export function checksOf(sections: readonly Section[]): readonly Check[] {
  const services = servicesOf(sections);
  return [
    ...inGroup('Web', [
      ...onlyFor(web, [httpsAnswers]),
      ...onlyFor((answers) => web(answers) && isBalanced(answers), [servesBalancers]),
      ...onlyFor(endsHttps, [namesPointHere, certificateIsServed, renewalIsSetUp, httpRedirects]),
      ...onlyFor(web, [nginxConfiguration, maintenanceEnds]),
    ]),
    ...inGroup('Site', [
      ...onlyFor(code, [productionSettings, placeholders, integrationsAreOn, databasePage]),
      ...onlyFor(web, [staticFiles]),
      ...onlyFor(code, [siteRecordAgrees]),
    ]),
    ...inGroup('Search', onlyFor(code, [searchAnswers, searchKeysMatch, searchIsFilled])),
    ...inGroup('Services', [
      ...services.map(serviceCheck),
      ...onlyFor((answers) => hasAnyRole(answers, 'background'), [backgroundQueue, ...timers]),
      ...onlyFor((answers) => hasAnyRole(answers, 'database') && !code(answers), [databaseServer]),
      survivesReboot(services),
    ]),
    ...inGroup('Access', [
      ...onlyFor(code, [siteCanWork]),
      secretsAreClosed,
      rootsFilesAreClosed,
      unitsOfRoot,
    ]),
    ...inGroup('Server', [
      disk,
      memory,
      ...onlyFor(endsHttps, [clock]),
      watching,
      ...onlyFor(code, [backupFresh, backupProved]),
    ]),
  ];
}

function web(answers: Answers): boolean {
  return hasAnyRole(answers, 'web');
}

function code(answers: Answers): boolean {
  return hasAnyRole(answers, ...CODE);
}

function onlyFor(applies: (answers: Answers) => boolean, checks: readonly Check[]): readonly Check[] {
  return checks.map((check) => ({ ...check, applies }));
}

function inGroup(group: string, checks: readonly Check[]): readonly Check[] {
  return checks.map((check) => ({ ...check, group }));
}

/** What takes longer or leaves traces, and is made only when it is asked for: `doctor --renewal`. */
export const renewalChecks: readonly Check[] = inGroup('Web', onlyFor(endsHttps, [renewalTried]));
