import type { Answers } from '../answers/answers.ts';
import type { Node } from '../engine/graph.ts';
import { isLater, type Operation } from '../engine/operation.ts';
import type { Planned } from '../engine/plan.ts';
import { departuresOf, problemOfConflict } from '../engine/run.ts';
import type { Section } from '../engine/section.ts';
import { clean, harmless } from '../output/clean.ts';
import { templates } from '../site/deployed.ts';
import { namesOf } from '../site/names.ts';
import { servicesOf } from '../site/services.ts';
import { functionsFor } from './functions.ts';
import { lastCheck } from './last-check.ts';
import { PROGRAMS, programSource } from './programs.ts';
import { needLine, secretsIn } from './secrets.ts';
import { word } from './words.ts';

/** The plan, and the order of a run. */
interface Found {
  readonly planned: readonly Planned[];
  readonly nodes: readonly Node[];
}

/**
 * @param found the plan, and the order of a run: some of a section may have to wait for one that comes later in the document
 * @returns a bash script under the document's headings; departures stand in it as comments, secrets nowhere
 */
export function scriptOf({ planned, nodes }: Found, sections: readonly Section[], answers: Answers): string {
  const inOrder = planned.toSorted((one, other) => nodes.indexOf(one.node) - nodes.indexOf(other.node));
  // Not masked: what www-data gave out for a secret in settings.py would take just that out of the commands.
  return `${linesOf(inOrder, sections, answers).map(harmless).join('\n')}\n`;
}

function linesOf(
  planned: readonly Planned[],
  sections: readonly Section[],
  answers: Answers,
): readonly string[] {
  const body = bodyOf(planned);
  if (body.length === 0) return ['#!/bin/bash', '# Everything is up to date: there is nothing to do.'];
  const asked = sections.flatMap((section) => section.questions.map((question) => ({ section, question })));
  const needs = secretsIn(body).flatMap((id) => asked.find(({ question }) => question.id === id) ?? []);
  const needLines = needs.map(({ section, question }) => needLine(section, question, answers));
  const services = servicesOf(sections).filter(({ applies }) => applies?.(answers) ?? true);
  const check = sections.some(({ id }) => id === 'verify') ? lastCheck(namesOf(answers), services) : [];
  const functions = functionsFor([...needLines, ...body, ...check]);
  const used = [...functions, ...body].join('\n');
  const programs = PROGRAMS.filter((name) => used.includes(`$${name}_program`));
  return [
    ...head(
      answers.optionalText('domain') ?? 'this server',
      needs.map(({ question }) => question.id),
    ),
    '',
    '# --- Functions ---',
    ...functions.flatMap((text) => ['', ...text.split('\n')]),
    ...(answers.flag('configuration.templates') && used.includes('from_repository')
      ? ownCopies(answers)
      : []),
    ...(used.includes('judged[') ? judgedLines(planned) : []),
    ...programs.flatMap((name) => ['', ...program(name, programSource(name, answers))]),
    ...(needLines.length === 0 ? [] : ['', '# --- Secrets ---', '', 'declare -A secret', ...needLines]),
    ...body,
    ...check,
  ];
}

function head(domain: string, secrets: readonly string[]): readonly string[] {
  return [
    '#!/bin/bash',
    `# Blender Studio's production document for ${domain}: what studio-setup would do on the server where this script was made.`,
    '#',
    '#   bash SCRIPT [FOLDER]     as root',
    '#',
    ...(secrets.length === 0
      ? []
      : [
          '# Secrets are not in this script. FOLDER, which only root may read, holds each in a file of its name. One that is missing is',
          '# taken from this server, generated, or asked for:',
          ...secrets.map((id) => `#   ${id}`),
        ]),
    '# The script ends at the first command that fails, and names it. Fix the cause and run the script again: that is safe.',
    'set -euo pipefail',
    '# With tracing, secrets would be shown.',
    'set +x',
    'umask 022',
    'cd /',
    `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 LC_ALL=C.UTF-8`,
    'export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l APT_LISTCHANGES_FRONTEND=none',
    'export GIT_TERMINAL_PROMPT=0 PIP_DISABLE_PIP_VERSION_CHECK=1',
    'unset PYTHONPATH PYTHONHOME VIRTUAL_ENV GIT_DIR',
    'trap \'echo "✗ Line $LINENO: $BASH_COMMAND" >&2\' ERR',
    '[ "$(id -u)" -eq 0 ] || { echo "✗ Run it as root." >&2; exit 1; }',
    ...(secrets.length === 0
      ? []
      : [
          // biome-ignore lint/suspicious/noTemplateCurlyInString: bash
          'secrets_folder=${1:-}',
          'if [ -n "$secrets_folder" ] && [ "$(stat -Lc %u "$secrets_folder")$(stat -Lc %A "$secrets_folder" | cut -c5-)" != 0------ ]; then',
          '  echo "✗ $secrets_folder must belong to root and be closed to others: chown root: and chmod 700 it." >&2',
          '  exit 1',
          'fi',
        ]),
  ];
}

/** Configuration files for a repository that has none. */
function ownCopies(answers: Answers): readonly string[] {
  const cases = templates(answers).flatMap(({ path, content }) => [
    `    /${path})`,
    `      cat <<'COPY'`,
    ...content.trimEnd().split('\n'),
    'COPY',
    '      ;;',
  ]);
  return [
    '',
    '# own_copy PATH: for a repository without deploy/.',
    'own_copy() {',
    '  case $1 in',
    ...cases,
    '  esac',
    '}',
  ];
}

/** What the checkout had when this was made, of what is judged: an empty list where there was none yet. */
function judgedLines(planned: readonly Planned[]): readonly string[] {
  const judged = planned.flatMap(({ observation }) =>
    observation === undefined || isLater(observation) || observation.conflict !== undefined
      ? []
      : (observation.judged ?? []),
  );
  const sums = new Map(judged.map(({ path, sha256 }) => [path, sha256]));
  return [
    '',
    '# SHA-256 of the files of the checkout that were approved when this script was made: a file that differs is refused.',
    'declare -A judged=(',
    ...[...sums].map(([path, sha256]) => `  [${word(path)}]=${sha256}`),
    ')',
  ];
}

/** What a run asks about first, a script does not do. */
function refusal(observation: Planned['observation']): readonly string[] | undefined {
  const conflict = observation !== undefined && !isLater(observation) ? observation.conflict : undefined;
  if (conflict === undefined) return undefined;
  const { what } = problemOfConflict(conflict);
  return [
    `fail ${word(`${clean(what)} Once you have decided, export the script again with --overwrite ${conflict.path}.`)}`,
  ];
}

/** A change without lines of its own is told: a script that leaves it out would end as if all was done. */
function needsRun({ id, title }: Section, observation: Planned['observation']): readonly string[] {
  if (observation === undefined || isLater(observation)) return [];
  return [
    `fail ${word(`${title}: ${clean(observation.summary)}: this needs a run: studio-setup run ${id}`)}`,
  ];
}

/** As a variable: read by `read`, an apostrophe in it ends nothing. */
function program(name: string, source: string): readonly string[] {
  return [
    `IFS= read -rd '' ${name}_program <<'PYTHON' || true`,
    ...source.trimEnd().split('\n'),
    'PYTHON',
    `readonly ${name}_program`,
  ];
}

function bodyOf(planned: readonly Planned[]): readonly string[] {
  const lines: string[] = [];
  let heading: string | undefined;
  const told = new Set<string>();
  for (const { node, observation } of included(planned)) {
    const { operation, section } = node;
    const shell = refusal(observation) ?? operation.script ?? needsRun(section, observation);
    if (shell.length === 0) continue;
    if (section.heading !== heading) lines.push('', `# === ${section.heading} ===`);
    heading = section.heading;
    lines.push('', ...departureLines(operation, told), `step ${word(operation.title)}`, ...shell);
  }
  return lines;
}

/** @param told ids of those that stand further up already */
function departureLines(operation: Operation, told: Set<string>): readonly string[] {
  return departuresOf(operation).flatMap(({ id, document, instead, why }) => {
    if (told.has(id)) return [];
    told.add(id);
    return [
      ...comment(`≠ The document: ${document}`),
      ...comment(`  Instead: ${instead}`),
      ...comment(`  Why: ${why}`),
    ];
  });
}

/** What can't be told yet, because the host lacks what it follows from, is in it as well. */
function included(planned: readonly Planned[]): readonly Planned[] {
  const inIt = new Set<string>();
  const untold = planned.some(({ observation }) => isLater(observation));
  return planned.filter(({ node, observation }) => {
    const follows = untold && [...node.needs].some((id) => inIt.has(id));
    const { id, script } = node.operation;
    const own = observation !== undefined || (follows && script !== undefined);
    if (own || follows) inIt.add(id);
    return own;
  });
}

function comment(text: string): string[] {
  return text.split('\n').map((line) => `# ${line}`.trimEnd());
}
