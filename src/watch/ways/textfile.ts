import { replaceFile } from '../../host/files.ts';
import type { WatchState } from '../state.ts';
import type { Way } from '../way.ts';

/**
 * Metrics for the textfile collector of Prometheus' node_exporter, in its text format. The file is replaced whole, as the
 * collector reads it at any moment.
 * @param file absolute path that ends in `.prom`
 */
export function textfile(file: string): Way {
  return {
    name: 'textfile',
    async report(state) {
      try {
        await replaceFile(file, metricsOf(state), { mode: 0o644, uid: 0, gid: 0 });
        return { ok: true, said: file };
      } catch (error) {
        return { ok: false, said: `${file} can't be written: ${(error as Error).message}` };
      }
    },
  };
}

/** @returns the metrics, one sample a line */
export function metricsOf({ checks, rounds, ways }: WatchState): string {
  const last = rounds.at(-1);
  const failing = Object.values(checks).filter(({ ok }) => !ok).length;
  return [
    ...metric(
      'check_ok',
      'Whether a check of the doctor passed.',
      Object.entries(checks).map(([id, { ok }]) => [`{check="${escaped(id)}"}`, ok ? 1 : 0]),
    ),
    ...metric('checks_failing', 'Number of checks that fail.', [['', failing]]),
    ...metric(
      'watch_last_round_timestamp_seconds',
      'When the checks were made last.',
      last === undefined ? [] : [['', Math.round(last.at / 1000)]],
    ),
    ...metric(
      'front_page_seconds',
      'In how many seconds the front page came.',
      last?.page === undefined ? [] : [['', last.page / 1000]],
    ),
    ...metric(
      'watch_way_ok',
      'Whether telling by a way worked the last time.',
      Object.entries(ways).map(([name, { failing: fails }]) => [
        `{way="${escaped(name)}"}`,
        fails === undefined ? 1 : 0,
      ]),
    ),
  ].join('');
}

function metric(
  name: string,
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): readonly string[] {
  if (samples.length === 0) return [];
  const full = `studio_setup_${name}`;
  return [
    `# HELP ${full} ${help}\n# TYPE ${full} gauge\n`,
    ...samples.map(([labels, value]) => `${full}${labels} ${value}\n`),
  ];
}

/** Of a label's value (Prometheus, "Text-based format"). */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
