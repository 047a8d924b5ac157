import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { product, unattended } from './fresh-host.ts';
import { type Sample, sample } from './sample.ts';

export const lines = 1_000_000;

/** A migration as talkative as a large one can be: the site's own `manage.py migrate` prints its lines. */
const migration = `import sys
from django.db import migrations

def talk(apps, schema_editor):
    for number in range(${lines}):
        sys.stdout.write(f'Rewrote row {number} of the statistics of the subscriptions of the studio\\n')

class Migration(migrations.Migration):
    dependencies = [('stats', '0001_initial')]
    operations = [migrations.RunPython(talk, migrations.RunPython.noop)]
`;

export interface MillionLines extends Pick<Sample, 'seconds' | 'peakKb'> {
  /** Resident memory in kilobytes at the tenths of the time: at its start, after a tenth, …, at its end. */
  readonly tenths: readonly number[];
  /** How many of the lines stand in the run's log. */
  readonly logged: number;
}

/**
 * Has the product run a command that prints a million lines, and looks at its memory meanwhile.
 * @param host installed by the product
 * @throws {Error} when a line is missing in the log
 */
export async function millionLines(host: Rehearsal): Promise<MillionLines> {
  const file = '/var/www/blender-studio/stats/migrations/0002_talk.py';
  await host.write(file, migration, { owner: 'www-data:www-data' });
  const argv = [...product, 'run', 'migrate', ...unattended, '--plain', '--log-level', 'debug'];
  const { seconds, peakKb, samples } = await sample(host, argv, { interval: 0.1 });
  const count = 'grep -c "Rewrote row" "$(ls -t /var/log/studio-setup/*.log | head -n 1)"';
  const logged = Number((await host.exec(['sh', '-c', count])).stdout);
  if (logged !== lines) throw new Error(`${logged} of ${lines} lines are in the log.`);
  const at = (tenth: number) => samples[Math.round((tenth / 10) * (samples.length - 1))]?.[1] ?? 0;
  return { seconds, peakKb, tenths: Array.from({ length: 11 }, (_, tenth) => at(tenth)), logged };
}
