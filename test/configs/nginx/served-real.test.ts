import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { servingFiles } from '../../../src/configs/nginx/served.ts';
import { template } from '../../../templates/index.ts';
import { NginxHost } from './nginx-host.ts';

let host: NginxHost;
beforeEach(async () => {
  host = await NginxHost.create();
});
afterEach(() => host.remove());

const COMMON = 'var/www/config/nginx_studio.common.conf';
const SITE = `upstream studio { server unix:/nonexistent.sock; }
server { listen 80; server_name _; include mime.types; include /${COMMON}; }
`;

/** As it is typed: Node's URL would resolve dots before they reach the server. */
function get(port: number, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, body: await text(answer) });
    })
      .on('error', reject)
      .end();
  });
}

/** The repository's file (target.md, section 2) in nginx itself, with folders below the host's. */
async function served(
  make: (source: string, root: string) => string,
  paths: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const root = `${host.folder}/var/www/blender-studio/public/static`;
  const source = template(COMMON).replaceAll('/var/www/', `${host.folder}/var/www/`);
  host.addFile(COMMON, make(source, root));
  host.addFile('mime.types', 'types { text/css css; }\n');
  host.addFile('var/www/blender-studio/public/static/site.css', 'a {}');
  host.addFile('var/www/blender-studio/public/secret.txt', 'not for visitors');
  const found: Record<string, number> = {};
  await host.serve(SITE, async ({ http }) => {
    for (const path of paths) found[path] = (await get(http, path)).status;
  });
  return found;
}

test('as it comes, the style sheets that pages name are not served (target.md 14)', async () => {
  // This file alone has no location for the application.
  expect(await served((source) => source, ['/static/site.css', '/static-studio/site.css'])).toEqual({
    '/static/site.css': 404,
    '/static-studio/site.css': 200,
  });
});

test('in agreement with the settings, both addresses are served, and nothing above the folder', async () => {
  const make = (source: string, root: string) => servingFiles(source, [{ url: '/static/', root }]);
  const paths = [
    '/static/site.css',
    '/static-studio/site.css',
    '/static../secret.txt',
    '/static/../secret.txt',
  ];
  expect(await served(make, paths)).toEqual({
    '/static/site.css': 200,
    '/static-studio/site.css': 200,
    '/static../secret.txt': 404,
    '/static/../secret.txt': 404,
  });
});
