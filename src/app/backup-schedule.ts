import type { Question } from '../answers/question.ts';
import { AnswersMissing } from '../answers/refused.ts';
import { RECIPIENTS } from '../backup/places.ts';
import { answersIn, BACKUP_QUESTIONS, settingsOf } from '../backup/questions.ts';
import { recipientsIn } from '../backup/recipient.ts';
import { readSettings } from '../backup/settings.ts';
import { firstBackup, scheduleOperations, unscheduleOperations } from '../backup/units.ts';
import type { Operation } from '../engine/operation.ts';
import type { Section } from '../engine/section.ts';
import { sentence } from '../output/sentence.ts';
import { BACKUP } from './backup.ts';
import { collect } from './collect.ts';
import { ownProgram } from './own-program.ts';
import type { Session } from './session.ts';

/** What stands in the plan and in the run. */
export const SCHEDULE: Section = {
  ...BACKUP,
  title: 'Backups',
  summary: 'A backup once a day, and a trial of one once a week.',
  questions: BACKUP_QUESTIONS,
};

/** What `backup enable` is to set up. */
export interface WantedSchedule {
  readonly operations: readonly Operation[];
  /** The first backup: the caller does not hold the lock. */
  readonly afterwards: readonly Operation[];
}

/**
 * @returns backups that are made by themselves: by the answers file, as they are set up, or asked for
 * @throws AnswersMissing when it is not known where they go or who can open them, and nobody is there to ask
 */
export async function wantedSchedule(session: Session): Promise<WantedSchedule> {
  const { host: server } = session;
  const [recipient] = recipientsIn(await server.read(RECIPIENTS));
  const settings = await readSettings(server);
  const host = new Map(answersIn(settings, recipient));
  // A repository that one backup went to is no answer to where all go: whoever is there is asked.
  if (session.interactive && settings.keep === undefined) host.delete('backup.destination');
  const file = await session.fileAnswers(BACKUP_QUESTIONS);
  const asker = await session.asker();
  const { answers, missing } = await collect([SCHEDULE], { file, host, saved: new Map() }, asker);
  if (missing.length > 0) throw unanswered(missing);
  const given = answers.optionalText('backup.recipient');
  return {
    operations: scheduleOperations({
      program: ownProgram(),
      settings: settingsOf(answers),
      recipients: given === undefined ? [] : [given],
    }),
    afterwards: [firstBackup()],
  };
}

/** @returns what takes the timers away again */
export async function unwantedSchedule({ host }: Session): Promise<readonly Operation[]> {
  return unscheduleOperations(await readSettings(host));
}

function unanswered(missing: readonly Question[]): AnswersMissing {
  return new AnswersMissing({
    what: 'Where backups go is not known, and nobody is there to ask. Nothing was changed.',
    detail: missing.map(({ id, label, help }) => `${id}: ${sentence(label)} ${help}`),
    remedy: 'Write them into the answers file: studio-setup backup enable --answers FILE',
  });
}
