import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import { archivePath, writeArchive } from '../app/support/archive.ts';
import { type Bundle, gatherBundle, sizeOf } from '../app/support/bundle.ts';
import { clean } from '../output/clean.ts';
import { count } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { agreed } from './reviewed.ts';

/**
 * Gathers what helps to find a fault, lists it, and writes it once that is agreed to. Changes nothing else.
 * @param asked the archive or its folder, as typed; the current folder when absent
 */
export async function supportBundleCommand(session: Session, asked: string | undefined): Promise<ExitCode> {
  // Before anything is asked: what is in the way now is in the way then.
  const file = await archivePath(asked);
  const bundle = await gatherBundle(session);
  list(session, bundle, file);
  const refused = await refusal(session);
  if (refused !== undefined) return refused;
  const bytes = await writeArchive(bundle, file);
  if (session.options.json) writeRecord({ type: 'support-bundle', ...{ file, bytes } });
  else
    print(
      ...wrap(`${styled('green', '✓')} ${file} (${sizeOf(bytes)}), readable by root alone.`),
      ...wrap('Read it before you give it to somebody: tar --extract --gzip --file=FILE'),
    );
  return EXIT.asWanted;
}

function list(session: Session, { files, unasked }: Bundle, file: string): void {
  if (session.options.json) {
    for (const { name, about, text } of files)
      writeRecord({ type: 'support-file', ...{ name, about, bytes: Buffer.byteLength(text) } });
    for (const each of unasked) writeRecord({ type: 'support-unasked', ...each });
    return;
  }
  print(`What goes into ${file}:`, '');
  for (const { name, about, text } of files)
    print(
      // What a journal or a log is, its name says.
      ...wrap(name.includes('/') ? name : `${name}: ${clean(about)}`, {
        first: `${sizeOf(Buffer.byteLength(text)).padStart(10)}  `,
        rest: ' '.repeat(12),
      }),
    );
  const total = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  print('', `${count(files.length, 'file')}, ${sizeOf(total)} before they are packed.`);
  for (const { what, why } of unasked)
    print(...wrap(`Could not be asked: ${what}: ${why}`, { first: `${styled('yellow', '!')} `, rest: '  ' }));
  print(
    ...wrap(
      'Secrets are masked. Names, e-mail addresses and network addresses of visitors may stand in the journals.',
    ),
  );
}

/** @returns the exit code when it is not to be written */
async function refusal(session: Session): Promise<ExitCode | undefined> {
  if (session.options.yes) return undefined;
  if (!session.interactive) {
    const what = 'Writing the bundle needs a yes, and nobody is there to be asked. Nothing was written.';
    const remedy = 'Look at the list, then give --yes.';
    showProblems([{ problem: { what, remedy } }], session.options.json);
    return EXIT.waiting;
  }
  print('');
  return (await agreed(session, 'Write it now?', 'Nothing was written.')) ? undefined : EXIT.interrupted;
}
