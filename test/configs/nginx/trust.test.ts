import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nginxDoubts } from '../../../src/configs/nginx/trust.ts';
import { bootstrapVhost, studioVhost } from '../../../src/configs/nginx/vhost.ts';
import { ACME_WEBROOT } from '../../../src/site/layout.ts';

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
  test.each([
    // The log is opened, and made, by root: a log format of one's own writes any line.
    ['access_log /etc/cron.d/x evil', 'access_log /etc/cron.d/x evil;'],
    ['error_log /etc/cron.d/x debug', 'error_log /etc/cron.d/x debug;'],
    // A link in www-data's folder leads root anywhere.
    ['access_log /var/www/x.log', 'access_log /var/www/x.log;'],
    ['access_log /var/log/nginx/../../../etc/x', 'access_log /var/log/nginx/../../../etc/x;'],
    ['access_log /var/log/nginx/$host', 'access_log /var/log/nginx/$host;'],
    ['access_log logs/x', 'access_log logs/x;'],
    ['include /etc/shadow', 'include /etc/shadow;'],
    ['include /var/www/evil.conf', 'include /var/www/evil.conf;'],
    ['include /var/www/config/*.conf', 'include /var/www/config/*.conf;'],
    ['include /etc/letsencrypt/../shadow', 'include /etc/letsencrypt/../shadow;'],
    ['ssl_certificate_key /root/.ssh/id_ed25519', 'ssl_certificate_key /root/.ssh/id_ed25519;'],
    ['ssl_certificate /etc/letsencrypt/../shadow', 'ssl_certificate /etc/letsencrypt/../shadow;'],
    ['ssl_password_file /etc/shadow', 'ssl_password_file /etc/shadow;'],
    // nginx hands the folder over to its worker, which is www-data.
    ['client_body_temp_path /etc/cron.d', 'client_body_temp_path /etc/cron.d;'],
    ['uwsgi_temp_path /etc', 'uwsgi_temp_path /etc;'],
    ['proxy_cache_path /etc/cron.d keys_zone=x:1m', 'proxy_cache_path /etc/cron.d keys_zone=x:1m;'],
    ['load_module /var/www/evil.so', 'load_module /var/www/evil.so;'],
    ['init_by_lua_block', 'init_by_lua_block { }'],
    ['content_by_lua_file /var/www/x.lua', 'content_by_lua_file /var/www/x.lua;'],
    ['perl_modules /var/www', 'perl_modules /var/www;'],
    ['js_import /var/www/x.js', 'js_import /var/www/x.js;'],
    ['user root', 'user root;'],
    // Its rights are set, and it is removed, by a path in which www-data may have put a link meanwhile.
    ['listen unix:/var/www/x.sock', 'listen unix:/var/www/x.sock;'],
    ['listen UNIX:/etc/x default_server', 'listen UNIX:/etc/x default_server;'],
    ['proxy_ssl_certificate_key /root/x.key', 'location /x { proxy_ssl_certificate_key /root/x.key; }'],
    ['grpc_ssl_password_file /etc/shadow', 'grpc_ssl_password_file /etc/shadow;'],
    ['ssl_conf_command PrivateKey /root/x.key', 'ssl_conf_command PrivateKey /root/x.key;'],
    ['ssl_key_log /etc/cron.d/x', 'ssl_key_log /etc/cron.d/x;'],
    ['quic_host_key /etc/x', 'quic_host_key /etc/x;'],
    ['xml_entities /etc/x', 'xml_entities /etc/x;'],
    ['modsecurity_rules_file /var/www/x', 'modsecurity_rules_file /var/www/x;'],
    ['passenger_ruby /var/www/x', 'passenger_ruby /var/www/x;'],
    ['no_such_directive x', 'no_such_directive x;'],
    ['access_log /etc/x', 'location /deep { if ($host) { access_log /etc/x; } }'],
    ['access_log /etc/x', '"access_log" "/etc/x";'],
    ['access_log /etc/x', 'access_log /e\\tc/x;'.replace('\\t', 't')],
  ])('%s', (doubt, text) => {
    expect(inServer(text).byRoot).toEqual([doubt]);
  });

  test.each([
    ['a comment to one, a word to the other', 'add_header X \u000b# ;access_log /etc/x;\n;'],
    ['a blank to one, a part of a word to the other', 'add_header X \u00a0#;access_log /etc/x;\n;'],
  ])('what nginx may read in another way: %s', (_, text) => {
    expect(inServer(text).byRoot).toEqual(['a character that nginx may read in another way than it looks']);
  });

  test('a file that nobody can read', () => {
    expect(nginxDoubts('server {').byRoot).toHaveLength(1);
  });

  test.each(['map $host $x', 'geo $x', 'split_clients $host $x'])('an include among values: %s', (block) => {
    expect(nginxDoubts(`${block} {\n default 1;\n any.thing 2;\n include /etc/shadow;\n}`).byRoot).toEqual([
      'include /etc/shadow',
    ]);
  });
});

describe('what reaches beyond the site is asked about', () => {
  test.each([
    ['proxy_pass http://10.0.0.1', 'location / { proxy_pass http://10.0.0.1; }'],
    [
      'proxy_pass http://127.0.0.1:7700@evil.example.org',
      'location / { proxy_pass http://127.0.0.1:7700@evil.example.org; }',
    ],
    ['proxy_pass http://$host', 'location / { proxy_pass http://$host; }'],
    ['uwsgi_pass unix:/run/docker.sock', 'location / { uwsgi_pass unix:/run/docker.sock; }'],
    ['root /', 'root /;'],
    ['alias /etc/', 'location /x { alias /etc/; }'],
    ['alias /var/www/blender-studio/../.ssh/', 'location /x { alias /var/www/blender-studio/../.ssh/; }'],
    ['autoindex on', 'autoindex on;'],
    ['dav_methods PUT', 'dav_methods PUT;'],
    ['fastcgi_pass unix:/run/php.sock', 'location / { fastcgi_pass unix:/run/php.sock; }'],
    ['auth_basic_user_file /etc/nginx/x', 'auth_basic_user_file /etc/nginx/x;'],
    ['fastcgi_param A b', 'location / { fastcgi_param A b; }'],
    ['ssl_verify_client on', 'ssl_verify_client on;'],
    ['more_set_headers X: y', 'more_set_headers "X: y";'],
    ['proxy_ssl_verify on', 'location / { proxy_ssl_verify on; }'],
  ])('%s', (doubt, text) => {
    expect(inServer(text)).toEqual({ all: [doubt], byRoot: [] });
  });

  test('an upstream elsewhere', () => {
    expect(nginxDoubts('upstream studio { server 10.0.0.1:80; }').all).toEqual(['server 10.0.0.1:80']);
  });
});
