import { siteAddresses } from '../app/address.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import { hyperlink } from '../output/hyperlink.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';

/** Prints where the site is reached: each address whole, on a line of its own; a link where the terminal takes one. */
export async function addressCommand(session: Session): Promise<ExitCode> {
  const { site, admin, others } = await siteAddresses(session);
  if (session.options.json) writeRecord({ type: 'address', ...{ site, admin, others } });
  else print(...[site, admin, ...others].map(hyperlink));
  return EXIT.asWanted;
}
