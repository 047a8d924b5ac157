import type { Section } from '../src/engine/section.ts';
import { link } from '../src/operations/link.ts';
import { nginxTested } from '../src/operations/nginx-tested.ts';
import { NGINX_LINK, NGINX_SITE } from '../src/site/layout.ts';
import { nginxStaticFiles } from './configuration-files.ts';

const section: Section = {
  id: 'nginx',
  title: 'Nginx',
  heading: 'Configuration files › Nginx',
  summary: 'The web server. Its configuration is in /var/www/config, and linked into /etc/nginx.',
  needs: [
    'configuration-files/nginx-site',
    'configuration-files/nginx_studio.common.conf',
    'configuration-files/uwsgi_params',
  ],
  questions: [],
  operations: (answers) => [
    link({
      id: 'nginx/link',
      path: NGINX_LINK,
      target: NGINX_SITE,
      covers: ['files-first', 'nginx-link'],
      tested: nginxTested,
    }),
    nginxStaticFiles(answers, 'nginx/static-files'),
  ],
};
export default section;
