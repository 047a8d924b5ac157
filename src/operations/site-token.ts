import { randomBytes } from 'node:crypto';
import type { Operation } from '../engine/operation.ts';
import { SITE_TOKEN } from '../site/layout.ts';
import { file } from './file.ts';

const FOLDER = SITE_TOKEN.slice(0, SITE_TOKEN.lastIndexOf('/'));

/** A text that only this site can say, for whoever asks by name: {@link SITE_TOKEN}. Once there it stays. */
export function siteToken(id: string, after: readonly string[]): Operation {
  return file({
    id,
    title: 'a token that identifies the site',
    path: SITE_TOKEN,
    after,
    shell: [`mkdir -p ${FOLDER}`, `head -c 16 /dev/urandom | base64 > ${SITE_TOKEN}`],
    script: [
      `mkdir -p ${FOLDER}`,
      `[ -s ${SITE_TOKEN} ] || head -c 16 /dev/urandom | base64 | put ${SITE_TOKEN} 644`,
    ],
    async content(host) {
      const there = await host.read(SITE_TOKEN);
      return there === undefined || there.trim() === '' ? `${randomBytes(16).toString('hex')}\n` : there;
    },
    departure: {
      id: 'site-token',
      document: 'no word on who answers for the domain',
      instead: 'A random token in the folder of the certificate challenges is fetched by name over port 80.',
      why: 'Behind a load balancer or Cloudflare, or beside other sites, nothing else proves that a name reaches this site.',
    },
  });
}
