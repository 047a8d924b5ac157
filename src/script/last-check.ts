import type { Service } from '../engine/service.ts';
import { TIMERS } from '../site/layout.ts';
import { word } from './words.ts';

/**
 * @param names the site's own, its domain first
 * @param services that run all the time
 * @returns the end of an exported script: what a visitor would see
 */
export function lastCheck(names: readonly string[], services: readonly Service[]): readonly string[] {
  return [
    '',
    '# === The whole document, as a visitor sees its result ===',
    '',
    'failed=no',
    ...names.map((name) => `check ${word(`https://${name}/ answers`)} answers ${word(`https://${name}/`)}`),
    ...[...services.map(({ unit }) => unit), ...TIMERS.map((name) => `${name}.timer`)].map(
      (unit) => `check '${unit} runs' systemctl is-active --quiet ${unit}`,
    ),
    `[ "$failed" = no ] || fail 'Some checks failed: see the lines above.'`,
    `echo '✓ Done.'`,
  ];
}
