import { checksOf, renewalChecks } from '../checks/index.ts';
import type { Section } from '../engine/section.ts';
import { answersPage } from './answers.ts';
import { coveragePage } from './coverage.ts';
import { departuresPage } from './departures.ts';
import { doctorPage } from './doctor.ts';
import { eventsPage } from './events.ts';

/** @returns the pages of `docs/` that are made from the code: name of the file → its text */
export function pagesOf(sections: readonly Section[]): ReadonlyMap<string, string> {
  return new Map([
    ['answers.md', answersPage(sections)],
    ['coverage.md', coveragePage(sections)],
    ['departures.md', departuresPage(sections)],
    ['doctor.md', doctorPage(checksOf(sections), renewalChecks)],
    ['events.md', eventsPage()],
  ]);
}
