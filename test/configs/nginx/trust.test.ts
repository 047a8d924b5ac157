import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nginxDoubts } from '../../../src/configs/nginx/trust.ts';
import { bootstrapVhost, studioVhost } from '../../../src/configs/nginx/vhost.ts';
import { ACME_WEBROOT } from '../../../src/site/layout.ts';
import { AMBIGUOUS, BEYOND, BY_ROOT } from './doubtful.ts';

const NONE = { all: [], byRoot: [] };
const NAMES = { domain: 'films.example.org', extraNames: ['www.example.org'], webroot: ACME_WEBROOT };
const SITE = join(import.meta.dirname, '../../rehearsal/site/deploy/var/www/config');
const TEMPLATES = join(import.meta.dirname, '../../../templates/var/www/config');

describe("nothing is asked about nginx's files as the document has them", () => {
  test('the HTTP site', () => {
    expect(nginxDoubts(bootstrapVhost(NAMES))).toEqual(NONE);
  });

  test.each([SITE, TEMPLATES])('the HTTPS site of %s', (folder) => {
    const source = readFileSync(join(folder, 'nginx_studio.conf'), 'utf8')
      .replaceAll('{{certificate}}', 'films.example.org')
      .replaceAll('{{webroot}}', ACME_WEBROOT)
      .replaceAll('{{names}}', 'films.example.org')
      .replaceAll('{{host_pattern}}', 'films');
    const redirects = [{ names: ['old.example.org'], certificate: 'old.example.org' }];
    expect(nginxDoubts(studioVhost(source, { ...NAMES, tlsOptions: 'certbot', redirects }))).toEqual(NONE);
  });

  const parts = [SITE, TEMPLATES].flatMap((folder) => [
    join(folder, 'nginx_studio.common.conf'),
    join(folder, 'uwsgi_params'),
  ]);
  const fixtures = join(import.meta.dirname, '../fixtures/nginx');
  const states = readdirSync(fixtures)
    .filter((name) => name.endsWith('.expected.conf'))
    .map((name) => join(fixtures, name));
  test.each([...parts, ...states])('%s', (file) => {
    expect(nginxDoubts(readFileSync(file, 'utf8')).byRoot).toEqual([]);
  });
});

/** In a server, where a line of the site's own file would stand. */
const inServer = (text: string) => nginxDoubts(`server {\n listen 80;\n ${text}\n}\n`);

describe("what root's nginx would do for whoever wrote the file", () => {
  test.each(BY_ROOT)('%s', (doubt, text) => {
    expect(inServer(text).byRoot).toEqual([doubt]);
  });

  test.each(AMBIGUOUS)('what nginx may read in another way: %s', (_, text) => {
    expect(inServer(text).byRoot).toEqual(['a character that nginx may read in another way than it looks']);
  });

  test('a file that nobody can read', () => {
    expect(nginxDoubts('server {').byRoot).toHaveLength(1);
  });

  test.each(['map $host $x', 'split_clients $host $x'])('an include among values: %s', (block) => {
    expect(nginxDoubts(`${block} {\n default 1;\n any.thing 2;\n include /etc/shadow;\n}`).byRoot).toEqual([
      'include /etc/shadow',
    ]);
  });
});

describe('what reaches beyond the site is asked about', () => {
  test.each(BEYOND)('%s', (doubt, text) => {
    expect(inServer(text)).toEqual({ all: [doubt], byRoot: [] });
  });

  test('an upstream elsewhere', () => {
    expect(nginxDoubts('upstream studio { server 10.0.0.1:80; }').all).toEqual(['server 10.0.0.1:80']);
  });
});
