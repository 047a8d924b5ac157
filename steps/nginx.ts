import type { Section } from '../src/engine/section.ts';
import { file } from '../src/operations/file.ts';
import { link } from '../src/operations/link.ts';
import { nginxTested } from '../src/operations/nginx-tested.ts';
import { ProblemError } from '../src/output/problem.ts';
import { packagedFileScript } from '../src/script/certificate.ts';
import { bySnap, certbotLibraries } from '../src/site/certbot.ts';
import { NGINX_LINK, NGINX_SITE } from '../src/site/layout.ts';
import { isBalanced } from '../src/site/roles.ts';
import { nginxStaticFiles } from './configuration-files.ts';

/** What the link makes nginx read. */
const FILES = [
  'configuration-files/nginx-site',
  'configuration-files/nginx_studio.common.conf',
  'configuration-files/uwsgi_params',
];

const section: Section = {
  id: 'nginx',
  title: 'Nginx',
  heading: 'Configuration files › Nginx',
  summary: 'The web server. Its configuration is in /var/www/config, and linked into /etc/nginx.',
  needs: FILES,
  questions: [],
  operations: (answers) => [
    ...(isBalanced(answers)
      ? []
      : [
          tlsFile('tls-options', '/etc/letsencrypt/options-ssl-nginx.conf', [
            'certbot_nginx/_internal/tls_configs/options-ssl-nginx.conf',
            'certbot_nginx/options-ssl-nginx.conf',
          ]),
          tlsFile('dhparams', '/etc/letsencrypt/ssl-dhparams.pem', [
            'certbot/ssl-dhparams.pem',
            'certbot/_internal/ssl-dhparams.pem',
          ]),
        ]),
    link({
      id: 'nginx/link',
      // Where a certificate is here already, its test reads these two as well: on a restored server, or after another client of ACME.
      after: [...FILES, 'nginx/tls-options', 'nginx/dhparams'],
      path: NGINX_LINK,
      target: NGINX_SITE,
      covers: ['files-first', 'nginx-link'],
      tested: nginxTested,
    }),
    nginxStaticFiles(answers, 'nginx/static-files'),
  ],
};

/** certbot's webroot method leaves neither of the two files that the site's configuration names. */
function tlsFile(name: string, path: string, packaged: readonly string[]) {
  return file({
    id: `nginx/${name}`,
    path,
    after: ['requirements/services'],
    shell: [`cp /usr/lib/python3/dist-packages/${packaged[0]} ${path}`],
    script: packagedFileScript(path, packaged),
    content: async (host) => {
      for (const folder of await certbotLibraries(host))
        for (const source of packaged) {
          const text = await host.read(`${folder}/${source}`);
          if (text !== undefined) return text;
        }
      if (!(await bySnap(host)) && (await host.status('/usr/bin/certbot')) === undefined)
        return { later: 'needs certbot' };
      throw new ProblemError({
        what: `certbot on this server has no ${path.slice(path.lastIndexOf('/') + 1)}.`,
        remedy: 'Install the package python3-certbot-nginx, then run again.',
      });
    },
    // An update of certbot may have brought another text: that is nobody's work.
    pristine: async (host) => [(await host.read(path)) ?? ''],
  });
}

export default section;
