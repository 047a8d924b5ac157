import { duration } from '../output/duration.ts';
import { MEASURED_INSTALL } from './measured-install.ts';

/** What an operator has to know before the first install on a server. */
export interface Welcome {
  /** What this program does here, and what it does not do unasked. Each is a whole sentence. */
  readonly what: readonly string[];
  /** How long it takes. */
  readonly time: string;
  /** What must be at hand before the questions come. */
  readonly needs: readonly string[];
}

/** @param sections how many the document has @returns what stands before the first question on a server that has seen no run */
export function welcome(sections: number): Welcome {
  const { ms, processors } = MEASURED_INSTALL;
  return {
    what: [
      `This program installs Blender Studio on this server, following its production document: ${sections} sections, from packages to certificate, until the site answers over HTTPS and survives a reboot.`,
      'Nothing changes before you have seen every change and said yes. You can stop at any time and start again.',
    ],
    time: `some ten questions, then about ${duration(ms)} on ${processors} processors, plus the downloads`,
    needs: [
      'a domain name that points to this server',
      'an e-mail address for the certificate authority',
      "access to the site's Git repository: a deploy key for it can be generated here",
    ],
  };
}
