import type { DjangoState } from './django.ts';
import { SETTINGS, SITE_USER } from './layout.ts';

/**
 * What the warnings of `manage.py check --deploy` mean for this site, by their ids (Django's documentation, "System check
 * framework", Security): the assignment that settles one, and what for.
 */
const ADVICE: Readonly<Record<string, { readonly assignment: string; readonly effect: string }>> = {
  'security.W004': {
    assignment: 'SECURE_HSTS_SECONDS = 3600',
    effect: 'browsers then use HTTPS only, for that many seconds; raise it once everything works',
  },
  'security.W006': {
    assignment: 'SECURE_CONTENT_TYPE_NOSNIFF = True',
    effect: 'browsers then do not guess file types',
  },
  'security.W012': {
    assignment: 'SESSION_COOKIE_SECURE = True',
    effect: 'logins are then never sent over plain HTTP',
  },
  'security.W016': {
    assignment: 'CSRF_COOKIE_SECURE = True',
    effect: 'form tokens are then never sent over plain HTTP',
  },
  'security.W019': {
    assignment: "X_FRAME_OPTIONS = 'DENY'",
    effect: 'no other site can then frame its pages',
  },
  'security.W022': {
    assignment: "SECURE_REFERRER_POLICY = 'same-origin'",
    effect: 'other sites then do not learn which page led to them',
  },
};

/** W008: nginx redirects to HTTPS, and a check proves it. W005 and W021 are about HSTS, which W004 is about. */
const SETTLED: ReadonlySet<string> = new Set(['security.W005', 'security.W008', 'security.W021']);

/** @returns the warnings that are left, each with what it means and what to do; none for what is settled elsewhere */
export function deployAdvice(checks: NonNullable<DjangoState['checks']>): readonly string[] {
  const open = checks.filter(({ id }) => !SETTLED.has(id));
  // In one order, whatever Django's is: a warning that was said before is not said again.
  const known = Object.entries(ADVICE).flatMap(([id, advice]) =>
    open.some((each) => each.id === id) ? [advice] : [],
  );
  const unknown = open.filter(({ id }) => ADVICE[id] === undefined);
  const assignments = known.map(({ assignment, effect }) => `${assignment} (${effect})`);
  return [
    ...(assignments.length === 0
      ? []
      : [
          `settings.py is less strict than Django advises (manage.py check --deploy). Proposed lines: ${assignments.join('; ')}. To add them: sudo -Hu ${SITE_USER} editor ${SETTINGS}, then studio-setup run`,
        ]),
    ...unknown.map(
      ({ id, message }) =>
        `manage.py check --deploy: ${message.split('. ')[0]?.replace(/\.$/, '')} (${id}). Look it up in Django's documentation, "System check framework".`,
    ),
  ];
}
