import { hasOddBlanks } from './odd-blanks.ts';
import { type UnitDirective, unitDirectives } from './unit.ts';
import { unitWords } from './unit-words.ts';

/** The account that the document has every unit but one run as. */
const SITE = 'www-data';

/** The one unit that the document runs as root, and the only thing that it may do. */
export const ROOTS_UNIT = 'studio-background-restart.service';
const ROOTS_COMMAND = /^((\/usr)?\/bin\/)?systemctl restart studio-background(\.service)?$/;

/** Folders of programs that the document's units start; in the virtualenv they are the site's own, and run as the site. */
const PROGRAMS = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin', '/var/www/venv/bin'];

/** A bare name systemd looks up in folders of root's, fixed when it was built (systemd.service(5), "Command lines"). */
const PROGRAM = new RegExp(`^((${PROGRAMS.join('|')})/)?[\\w.+-]+$`);

/** What a value may be: as a whole, or of a command, its program, which keeps no rights of root's. */
type Rule = RegExp | 'command';
type Rules = Readonly<Record<string, Rule>>;

const any = /^[\s\S]*$/;
const oneOf = (...values: readonly string[]): Rule =>
  new RegExp(`^(${values.map((value) => value.replaceAll(/[.+]/g, '\\$&')).join('|')})$`);
const UNIT_NAME =
  '((studio[\\w-]*|meilisearch|nginx|postgresql|redis-server)\\.service|(network|network-online|nss-lookup|local-fs|remote-fs|time-sync|basic|timers)\\.target)';
/** Pulling a unit in starts it, whoever it runs as: only the site's own and what every service may want. */
const knownUnits = new RegExp(`^${UNIT_NAME}([ \\t]+${UNIT_NAME})*$`);
/** systemd opens a file that is named here as root, before it drops its rights (systemd.exec(5), StandardOutput=). */
const noFile = oneOf('journal', 'syslog', 'null', 'inherit', 'journal+console', 'syslog+console');

/** `+`, `!` and `!!` keep root's rights in a unit with `User=` (systemd.service(5), "Command lines"). */
function asTheSite(directive: UnitDirective, source: string): boolean {
  const words = unitWords(source, directive);
  const [program] = words;
  // One assignment may hold several commands, each with prefixes of its own.
  if (program === undefined || words.some(({ text }) => text === ';')) return false;
  return PROGRAM.test(program.text.replace(/^[-@:]+/, ''));
}

const UNIT: Rules = {
  Description: any,
  Documentation: any,
  After: any,
  Wants: knownUnits,
  Requires: knownUnits,
  PartOf: knownUnits,
  StartLimitIntervalSec: any,
  StartLimitInterval: any,
  StartLimitBurst: any,
  ConditionPathExists: any,
};

/** Nothing of these gives a process of www-data's a right that it has not, or has root open or change a file. */
const SERVICE: Rules = {
  Type: any,
  NotifyAccess: any,
  User: oneOf(SITE),
  Group: oneOf(SITE),
  WorkingDirectory: any,
  Environment: any,
  EnvironmentFile: oneOf('/etc/blender-studio/meilisearch.env'),
  ExecStartPre: 'command',
  ExecStart: 'command',
  ExecStartPost: 'command',
  ExecReload: 'command',
  ExecStop: 'command',
  ExecStopPost: 'command',
  Restart: any,
  RestartSec: any,
  RemainAfterExit: any,
  SuccessExitStatus: any,
  KillSignal: any,
  KillMode: any,
  TimeoutSec: any,
  TimeoutStartSec: any,
  TimeoutStopSec: any,
  RuntimeMaxSec: any,
  StandardInput: oneOf('null'),
  StandardOutput: noFile,
  StandardError: noFile,
  SyslogIdentifier: any,
  LimitNOFILE: any,
  LimitNPROC: any,
  MemoryMax: any,
  UMask: any,
  Nice: /^\d+$/,
  NoNewPrivileges: any,
  PrivateTmp: any,
  PrivateDevices: any,
  ProtectSystem: any,
  ProtectHome: any,
};

const ROOTS_SERVICE: Rules = {
  Type: any,
  ExecStart: ROOTS_COMMAND,
  StandardOutput: noFile,
  StandardError: noFile,
  SyslogIdentifier: any,
};

const TIMER: Rules = {
  OnCalendar: any,
  OnActiveSec: any,
  OnBootSec: any,
  OnStartupSec: any,
  OnUnitActiveSec: any,
  OnUnitInactiveSec: any,
  AccuracySec: any,
  RandomizedDelaySec: any,
  Persistent: any,
};

const INSTALL: Rules = {
  WantedBy: oneOf('multi-user.target', 'default.target', 'graphical.target', 'timers.target', 'timer.target'),
};

/**
 * What a unit of the checkout would have systemd do beyond what the document's units do. The checkout is www-data's, its
 * `.git` too, so no history tells who wrote the unit; it is judged by what it says alone. What passes runs as www-data and
 * has root open, change and start nothing, so it gives www-data nothing that it has not. The list says what is known to be
 * harmless: what is not in it is asked about, be it harmless or not.
 * @param name of the unit's file: `studio.service`
 * @param source the text that would be installed
 * @returns reasons in words, e.g. `User=root`; none for a unit as the document has it
 */
export function unitDoubts(name: string, source: string): readonly string[] {
  const roots = name === ROOTS_UNIT;
  const ending = name.slice(name.lastIndexOf('.') + 1);
  const sections = rulesFor(name, ending);
  const directives = unitDirectives(source);
  const doubts = directives.flatMap((directive) => {
    const { section, key, value } = directive;
    const rule = ruleOf(sections, section, key);
    // An empty one takes earlier ones back, `User=` too: then it would be root.
    const fine =
      rule !== undefined &&
      value !== '' &&
      (rule === 'command' ? asTheSite(directive, source) : rule.test(value));
    return fine ? [] : [`${key}=${value}`];
  });
  const asSite = directives.some(({ section, key }) => section === 'Service' && key === 'User');
  return [
    ...plainness(source),
    ...(['service', 'timer', 'target'].includes(ending) ? [] : [`a ${ending} unit`]),
    ...(ending === 'service' && !roots && !asSite ? ['no User=, so it would run as root'] : []),
    ...doubts,
  ];
}

/** Names are www-data's: `constructor` is none of its rules, neither of a section nor of a key. */
function ruleOf(sections: Readonly<Record<string, Rules>>, section: string, key: string): Rule | undefined {
  const rules = Object.hasOwn(sections, section) ? sections[section] : undefined;
  return rules !== undefined && Object.hasOwn(rules, key) ? rules[key] : undefined;
}

/** @returns by section what its keys may be */
function rulesFor(name: string, ending: string): Readonly<Record<string, Rules>> {
  return {
    Unit: UNIT,
    Install: INSTALL,
    ...(ending === 'service' ? { Service: name === ROOTS_UNIT ? ROOTS_SERVICE : SERVICE } : {}),
    ...(ending === 'timer' ? { Timer: TIMER } : {}),
  };
}

/** Root by another account, another group, a prefix, a file that root opens. */
const WITH_ROOT =
  /^(no User=|(User|Group|SupplementaryGroups|DynamicUser|PermissionsStartOnly|AmbientCapabilities|EnvironmentFile|LoadCredential)=|Standard(Input|Output|Error)=(file|append|truncate):|Exec\w+=["']?[-@:]*[+!]|a line that systemd)/;

/** @returns of the same those by which a unit has root's rights, and has not in the document */
export function rootDoubts(name: string, source: string): readonly string[] {
  const doubts = unitDoubts(name, source);
  return name === ROOTS_UNIT ? doubts : doubts.filter((doubt) => WITH_ROOT.test(doubt));
}

/** A blank line, a comment, a section, an assignment: with plain blanks, in the form of the document's units. */
const PLAIN_LINE = /^([ \t]*|[ \t]*[#;].*|\[(Unit|Service|Timer|Install)\]|[A-Za-z]+[ \t]*=.*)$/;

/**
 * Readers of units differ: systemd ends a line at NUL and at a lone carriage return, knows two blanks, and takes all that
 * follows an unknown header for another section. A text that could be read in two ways is not judged by one of them.
 */
function plainness(source: string): readonly string[] {
  let continued = false;
  const odd = source.split('\n').some((written) => {
    const line = written.replace(/\r$/, '');
    const comment = /^[ \t]*[#;]/.test(line);
    const goesOn = /(?<!\\)(?:\\\\)*\\$/.test(line);
    const plain =
      !hasOddBlanks(line) &&
      !line.includes('\r') &&
      (continued || PLAIN_LINE.test(line)) &&
      !(comment && goesOn);
    if (!comment) continued = goesOn;
    return !plain;
  });
  return odd ? ['a line that systemd may read in another way than it looks'] : [];
}

/** The same rules as data, for a program that is not this one: expressions, each for the whole of what it is about. */
export const UNIT_RULES = {
  rootsUnit: ROOTS_UNIT,
  line: PLAIN_LINE.source,
  program: PROGRAM.source,
  sections: { Unit: asData(UNIT), Service: asData(SERVICE), Timer: asData(TIMER), Install: asData(INSTALL) },
  rootsService: asData(ROOTS_SERVICE),
};

/** @returns by key: what its value has to be, `command`, or nothing where it may be anything */
function asData(rules: Rules): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(rules).map(([key, rule]) => [
      key,
      rule === any ? null : rule === 'command' ? rule : rule.source,
    ]),
  );
}
