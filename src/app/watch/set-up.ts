import { AnswersMissing } from '../../answers/refused.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Section } from '../../engine/section.ts';
import { sentence } from '../../output/sentence.ts';
import { type Channels, readChannels } from '../../watch/channels.ts';
import { answersIn, channelsOf, WATCH_QUESTIONS } from '../../watch/questions.ts';
import { watchOperations } from '../../watch/units.ts';
import { collect } from '../collect.ts';
import { ownProgram } from '../own-program.ts';
import type { Session } from '../session.ts';
import { loginNote } from './run-round.ts';

/** What stands in the plan and in the run. */
export const WATCH: Section = {
  id: 'watch',
  title: 'Watch',
  heading: 'no part of the document',
  summary: 'Checks the site four times an hour, and tells what is new.',
  needs: [],
  questions: WATCH_QUESTIONS,
  operations: () => [],
};

/**
 * @returns the ways of telling: of the answers file, as they are set up, or asked for; none at all is right as well, as the
 *   doctor, a login and `watch status` show what was found
 * @throws AnswersMissing when a way is set up by half, and nobody is there to ask
 */
export async function wantedChannels(session: Session): Promise<Channels> {
  const host = answersIn((await readChannels(session.host)) ?? {});
  const file = await session.fileAnswers(WATCH_QUESTIONS);
  const asker = await session.asker();
  const { answers, missing } = await collect([WATCH], { file, host, saved: new Map() }, asker);
  if (missing.length === 0) return channelsOf(answers);
  throw new AnswersMissing({
    what: 'An answer about how to notify you is missing, and nobody is there to ask. Nothing was changed.',
    detail: missing.map(({ id, label, help }) => `${id}: ${sentence(label)} ${help}`),
    remedy: 'Write them into the answers file: studio-setup watch enable --answers FILE',
  });
}

/** @returns the set-up as operations */
export function watchSetUp({ product }: Session, channels: Channels): readonly Operation[] {
  return watchOperations({ program: ownProgram(), channels, note: loginNote(product) });
}
