import type { EngineEvent } from '../engine/events.ts';
import type { Problem } from '../output/problem.ts';
import type { PlanEntry } from '../reporters/plan-view.ts';

type EventType = EngineEvent['type'];
type Fields<Value> = Readonly<Record<Exclude<keyof Value, 'type'>, string>>;

/** What each event says and what its fields hold: the type check refuses one that is missing or too much. */
export const EVENTS: {
  readonly [Type in EventType]: {
    readonly said: string;
    readonly fields: Fields<Extract<EngineEvent, { type: Type }>>;
  };
} = {
  'run-started': {
    said: 'The first change is about to be made.',
    fields: {
      at: 'milliseconds since 1970, UTC',
      run: 'number of the run, four digits',
      log: 'absolute path of its log',
      sections:
        'list of `{ id, title, operations: [{ id, title, planned }] }`: everything that this run checks; `planned` is `true` where the plan has a change',
    },
  },
  'operation-started': {
    said: 'An operation is checked, and its change made where something is missing. Up to `--jobs` of them (6 by default) run at the same time.',
    fields: { at: 'milliseconds since 1970, UTC', operation: 'its id' },
  },
  change: {
    said: 'Something is missing; the change is made now. A second one of the same operation: what its file depends on has changed meanwhile, and it is written again.',
    fields: {
      at: 'milliseconds since 1970, UTC',
      operation: 'its id',
      kind: '`create`, `update` or `run`',
      summary: 'what changes on the host, one line',
      departures: 'ids of the departures from the document',
    },
  },
  command: {
    said: 'A program is started to make the change.',
    fields: {
      at: 'milliseconds since 1970, UTC',
      operation: 'its id',
      command: 'as typed in a shell',
    },
  },
  output: {
    said: 'A program printed a line.',
    fields: {
      at: 'milliseconds since 1970, UTC',
      operation: 'its id',
      line: 'the line, without control characters',
    },
  },
  warning: {
    said: 'Something that you should know; the run continues.',
    fields: { at: 'milliseconds since 1970, UTC', message: 'one line' },
  },
  'operation-finished': {
    said: 'An operation ended.',
    fields: {
      at: 'milliseconds since 1970, UTC',
      operation: 'its id',
      outcome: '`unchanged`, `changed`, `failed`, or `skipped`: what it needs failed, or the run was stopped',
      ms: 'how long it took, in milliseconds',
      problem: 'only with `failed`: see [problem](#problem), without `v`, `type` and `at`',
    },
  },
  'run-finished': {
    said: 'The run ended. When nothing was missing, this is its only event.',
    fields: {
      at: 'milliseconds since 1970, UTC',
      changed: 'number of operations',
      unchanged: 'number of operations',
      failed: 'number of operations',
      skipped: 'number of operations',
      restarts: 'names of the units that were restarted or reloaded',
      ms: 'how long the run took, in milliseconds',
    },
  },
};

/** One line of a plan: from `plan`, and from `run` before it begins. */
export const PLANNED: Fields<PlanEntry> = {
  section: 'id of the section',
  operation: 'id of the operation',
  title: 'title of the operation',
  kind: '`create`, `update`, `run`, or `later`: it is only known once an earlier change is made',
  summary: 'what changes on the host, one line',
  after: 'only with `later`: what must be done first',
  diff: 'unified diff, where there is text; secrets masked',
  shell: 'the commands that a person would type, one per entry',
  departures: 'ids of the departures from the document',
  starts: 'names of the units that are not running, and that the operation starts',
  removes: 'absolute paths of the files that the operation deletes; absent: none',
  stops: 'names of the units that are running, and that the operation stops; absent: none',
  restarts: 'names of the units that the operation restarts',
  reloads: 'names of the units that the operation reloads, without interruption',
  irreversible: 'why the change can not be undone, where that is so',
  proves:
    'only with `later`: `true` where the operation changes nothing, and proves the effect of the changes before it',
};

/** Why something stopped. */
export const PROBLEM: Fields<Problem> = {
  what: 'what happened, to what',
  remedy: 'what to do next',
  detail: 'lines: the last output, a journal, a diff',
  command: 'the command that failed, as typed in a shell',
  exitCode: 'its exit code',
  answers: 'ids of the answers that are missing, where that is why',
};

const HISTORY = {
  days: 'list of the days of the last 30 on which the watch looked: `{ day, rounds, failed, page, disk }`; `failed` is the number of rounds in which a check failed, `page` the median of the milliseconds in which the front page came, `disk` `{ target, left }` of the file system with the least left, in megabytes; both are absent where they are not known',
  runs: 'list of the last runs that changed something, newest first: `{ run, at, command, changes, state, by }`; `by` is the login name of who started it, absent where that is not known',
};

/** Records of the commands that are no runs: type, command, what it is, fields. */
export const OTHERS: readonly {
  readonly type: string;
  readonly by: string;
  readonly said: string;
  readonly fields: Readonly<Record<string, string>>;
}[] = [
  {
    type: 'notice',
    by: 'rotate',
    said: 'Also from `update`, `upgrade`, `change-domain`, `maintenance` and `move`: what the operator should know before a procedure changes anything, or that it restores the old state. From `status`, `doctor` and `run`: that visitors get the maintenance page. From `move` and `restore`: what has to change in DNS, and what to type next.',
    fields: { message: 'one sentence' },
  },
  {
    type: 'procedure-finished',
    by: 'rotate',
    said: 'A procedure has finished. Also from `update`, `upgrade`, `change-domain`, `maintenance` and `move`, and from `run` when it finishes one that was interrupted.',
    fields: {
      procedure: 'as typed, without its arguments',
      state: '`new`, or `old`: a step failed, and the old state was restored',
    },
  },
  {
    type: 'pending',
    by: 'plan',
    said: 'A procedure was interrupted (also from `status` and `doctor`). The next start that may change something finishes it first.',
    fields: { procedure: 'as typed, without its arguments' },
  },
  {
    type: 'stays',
    by: 'undo',
    said: 'Something that the run did and that `undo` leaves as it is; printed before anything is put back.',
    fields: { what: 'title of the operation, or a path', why: 'why it stays' },
  },
  {
    type: 'run',
    by: 'undo --list',
    said: 'A run that changed something, newest first.',
    fields: {
      run: 'its number, four digits',
      at: 'when it began, ISO 8601, UTC',
      command: 'as typed',
      changes: 'number of operations that changed something',
      state: '`done`, `cut off` (it was interrupted) or `undone`',
      copies: 'whether copies of earlier file contents are still kept',
      undoes: 'only of an undo: number of the run that it undid',
    },
  },
  {
    type: 'backup',
    by: 'backup',
    said: 'A backup: the one that was made (`create`), each of the repository and of the folder, newest first (`list`), or the archive that was restored as a trial (`verify`).',
    fields: {
      archive: 'of one in a folder: absolute path',
      repository: 'of one in a repository: its address, without a login',
      id: 'of one in a repository: the id of its snapshot',
      domain: 'of the site that it is of',
      made: 'when, ISO 8601, UTC',
      size: 'of one in a folder: bytes',
      restored: 'when it was last restored as a trial on this server, ISO 8601, UTC; absent: never',
    },
  },
  {
    type: 'backup-status',
    by: 'backup status',
    said: 'How backups are made by themselves, and how the last ones went.',
    fields: {
      where:
        'address of the repository, without a login, or path of the folder; absent: none is made by itself',
      keep: '`{ daily, weekly, monthly }`: how many of each stay',
      last: 'when the last one was made, ISO 8601, UTC; absent: never',
      checks: 'list of what the checks `backup` and `backup-verified` found, as `doctor` has them',
    },
  },
  {
    type: 'forgotten',
    by: 'undo --forget',
    said: 'Copies of earlier file contents were deleted.',
    fields: { runs: 'numbers of the runs' },
  },
  {
    type: 'plan-finished',
    by: 'plan',
    said: 'The last record of a plan.',
    fields: {
      changes: 'number of changes that are known',
      later: 'number of those that are only known later',
      problems: 'number of problems',
      conflicts:
        'number of files that need your decision: edited by hand, or brought by the checkout and beyond the document',
    },
  },
  {
    type: 'section',
    by: 'status',
    said: 'The state of a section.',
    fields: {
      id: 'id of the section',
      title: 'its title',
      state:
        '`done`, `to do`, `drifted` (it was up to date once) or `blocked` (something on the server must be fixed first)',
      done: 'number of operations that are up to date',
      of: 'number of its operations',
      answersMissing: 'number of answers that are missing',
    },
  },
  {
    type: 'history',
    by: 'status',
    said: 'How the site went and what was done to it, where the watch has looked.',
    fields: HISTORY,
  },
  {
    type: 'next-step',
    by: 'next-steps',
    said: 'Something that is left to do elsewhere for the site. The secret that it may be about is not in it.',
    fields: { text: 'what to do, and where' },
  },
  {
    type: 'check',
    by: 'doctor',
    said: 'What one check found.',
    fields: {
      id: 'id of the check',
      title: 'its title',
      ok: 'true or false',
      said: 'what was found',
      remedy: 'only when it failed: what fixes it',
      mends:
        'only when it failed and `doctor --fix` can do something about it: ids of operations or sections, `restart:UNIT` or `reload:UNIT`',
    },
  },
  {
    type: 'doctor-finished',
    by: 'doctor',
    said: 'The last record of a doctor. With `--fix` the checks come twice: before, and after what was fixed.',
    fields: { checks: 'number of checks', failed: 'number of those that failed' },
  },
  {
    type: 'log',
    by: 'follow',
    said: 'A run of the other studio-setup begins, or is already under way.',
    fields: {
      run: 'its number',
      file: 'absolute path of its log',
      skipped: 'whether earlier lines of it are not repeated',
    },
  },
  {
    type: 'log-line',
    by: 'follow',
    said: 'A line of that log.',
    fields: { line: 'the line, as it stands in the log' },
  },
  {
    type: 'followed',
    by: 'follow',
    said: 'The last record: the other studio-setup has ended.',
    fields: {
      runs: 'list of `{ run, file, end }`: the runs that it made meanwhile; `end` is `done`, `failed`, `stopped` or `cut off`',
    },
  },
  {
    type: 'service-log',
    by: 'logs',
    said: 'A line of the journal.',
    fields: { line: 'the line, secrets masked' },
  },
  {
    type: 'administrator',
    by: 'admin',
    said: 'The account can log in.',
    fields: {
      username: 'its login name',
      address: 'where it logs in',
      password: 'only when it was generated (`--generate`): the password itself, this once',
    },
  },
  {
    type: 'address',
    by: 'address',
    said: 'Where the site is reached.',
    fields: {
      site: 'its address',
      admin: 'the address of its /admin/',
      others: 'list of the addresses by its further names',
    },
  },
  {
    type: 'email',
    by: 'test-email',
    said: 'The mail server accepted the test e-mail. If it did not, there is a `problem` record instead.',
    fields: {
      backend: 'EMAIL_BACKEND of the site',
      sender: 'DEFAULT_FROM_EMAIL of the site',
      recipient: 'who gets it',
      server:
        'host, port and encryption, or the address of the API; absent where the backend does not report them',
      code: "the mail server's answer: a reply code of SMTP, or a status of HTTP",
      said: 'the words of that answer',
      id: 'what the mail server calls the message',
    },
  },
  {
    type: 'watch-event',
    by: 'watch run',
    said: 'Something new that is told, once.',
    fields: {
      at: 'milliseconds since 1970, UTC',
      check: 'id of the check',
      title: 'its title',
      kind: '`failing`, `well` again, or `unsteady`: it comes and goes',
      said: 'what was found',
      remedy: 'what fixes it',
      lasted: 'only with `well`: milliseconds for which it was not',
    },
  },
  {
    type: 'watch-told',
    by: 'watch run',
    said: 'What the other side of a way of telling answered.',
    fields: {
      way: '`email`, `webhook`, `heartbeat` or `textfile`',
      ok: 'true or false',
      said: 'its answer, or why there is none',
    },
  },
  {
    type: 'watch-status',
    by: 'watch status',
    said: 'What the watch found last, and what it told.',
    fields: {
      rounds: 'number of rounds that are remembered',
      last: 'when the last one was, milliseconds since 1970, UTC; absent before the first',
      failing: 'list of `{ check, title, since }`',
      ways: 'list of `{ way, failing, waiting, worked }`: `failing` is `null`, or `{ since, why }`; `waiting` is the number of messages that could not be told yet; `worked` is when something went out by it last, milliseconds since 1970, UTC, or `null`',
      events: 'the newest `watch-event` records, without `v` and `type`',
      ...HISTORY,
    },
  },
  {
    type: 'watch-round',
    by: 'watch run',
    said: 'The last record of a round.',
    fields: { checks: 'number of checks', failed: 'number of those that failed' },
  },
  {
    type: 'support-file',
    by: 'support-bundle',
    said: 'A file that goes into the bundle, before it is written.',
    fields: { name: 'its path in the archive', about: 'what it holds', bytes: 'its size' },
  },
  {
    type: 'support-unasked',
    by: 'support-bundle',
    said: 'Something that could not be asked; the bundle says it, too.',
    fields: { what: 'what', why: 'why' },
  },
  {
    type: 'support-bundle',
    by: 'support-bundle',
    said: 'The bundle was written.',
    fields: { file: 'absolute path of the archive', bytes: 'its size' },
  },
  {
    type: 'version',
    by: 'version',
    said: 'This version.',
    fields: { version: 'three numbers' },
  },
  {
    type: 'release',
    by: 'version --check',
    said: "The newest release, by the project's own signature. Also from `self-update`, before anything is changed.",
    fields: {
      version: 'of the release, three numbers',
      installed: 'this version',
      newer: 'whether the release is newer than this version',
      signed: 'when it was signed, ISO 8601, UTC',
      key: 'id of the key that signed it',
      address: 'where it was found',
    },
  },
  {
    type: 'answer',
    by: 'answers',
    said: 'An answer that a run would use.',
    fields: {
      id: 'key in the answers file',
      value: 'as text; a secret as dots',
      source: '`file`, `host`, `asked`, `saved`, `default` or `generated`',
    },
  },
  {
    type: 'skipped',
    by: 'answers',
    said: 'An answer, or a whole integration, that is skipped.',
    fields: { id: 'key in the answers file', what: 'its name', consequence: 'what does not work without it' },
  },
  {
    type: 'missing',
    by: 'answers',
    said: 'An answer that is needed and that nobody gave.',
    fields: { id: 'key in the answers file', label: 'what it is', help: 'where it is found' },
  },
  {
    type: 'departure',
    by: 'departures',
    said: 'A place where the product departs from the document.',
    fields: {
      section: 'id of the section',
      id: 'id of the departure',
      document: "the document's words",
      instead: 'what the product does',
      why: 'why',
    },
  },
];
