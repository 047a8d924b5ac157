import type { Planned } from '../engine/plan.ts';
import { departuresOf } from '../engine/run.ts';
import type { Section } from '../engine/section.ts';
import { cleaned } from '../front/clean.ts';
import { problemsOf } from '../front/plan-view.ts';
import type { Session } from '../session.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { sectionsFor } from './sections.ts';
import { showProblems } from './show-problems.ts';
import { survey } from './survey.ts';

/** Prints what a run would do as the shell that a person would type. Changes nothing. */
export async function scriptCommand(session: Session, names: readonly string[]): Promise<ExitCode> {
  const sections = sectionsFor(names, await session.product.sections());
  const { answers } = await session.complete(sections);
  const { planned, unmet } = await survey(session, sections, names, answers);
  const problems = [...(unmet ? [{ problem: unmet }] : []), ...problemsOf(planned)];
  process.stdout.write(scriptOf(planned, sections));
  showProblems(problems, session.options.json);
  return problems.length > 0 ? EXIT.failed : EXIT.asWanted;
}

/** @returns a bash script under the document's headings; departures stand in it as comments */
export function scriptOf(planned: readonly Planned[], sections: readonly Section[]): string {
  const lines = [
    '#!/bin/bash',
    '# What studio-setup would do on this host now, as a person would type it. Secrets are left out:',
    '# where one is needed, the comment beside it says so.',
    'set -euo pipefail',
  ];
  for (const section of sections) {
    const own = planned.filter(
      ({ node, observation }) => node.section.id === section.id && observation !== undefined,
    );
    if (own.length === 0) continue;
    lines.push('', `# === ${section.heading} ===`);
    for (const { node, observation } of own) {
      lines.push('', ...comment(node.operation.title));
      for (const { document, instead, why } of departuresOf(node.operation)) {
        lines.push(
          ...comment(`≠ The document: ${document}`),
          ...comment(`  Instead: ${instead}`),
          ...comment(`  Why: ${why}`),
        );
      }
      lines.push(...(observation?.shell ?? []));
    }
  }
  return `${cleaned(lines).join('\n')}\n`;
}

function comment(text: string): string[] {
  return text.split('\n').map((line) => `# ${line}`.trimEnd());
}
