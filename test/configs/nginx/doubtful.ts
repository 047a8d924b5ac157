/** Lines of a server that give whoever wrote them something of root's, and the doubt about each. */
export const BY_ROOT: readonly (readonly [doubt: string, text: string])[] = [
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
  // All braces behind a dollar are part of the word (ngx_conf_file.c, ngx_conf_read_token): no block begins or ends here.
  [
    'proxy_cache_path /etc keys_zone=e:1m',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is nginx's
    'gzip_types text/a ${{}map ${{a;\n proxy_cache_path /etc keys_zone=e:1m;\n gzip_types text/b ${{}charset off;',
  ],
  // It loads FILE.bin, with lengths and offsets that it believes (ngx_http_geo_module.c, ngx_http_geo_include_binary_base).
  ['geo $x', 'geo $x { ranges; include /var/www/config/uwsgi_params; }'],
  ['access_log /etc/x', 'location /deep { if ($host) { access_log /etc/x; } }'],
  ['access_log /etc/x', '"access_log" "/etc/x";'],
  ['access_log /etc/x', 'access_log /e\\tc/x;'.replace('\\t', 't')],
];

export const AMBIGUOUS: readonly (readonly [title: string, text: string])[] = [
  ['a comment to one, a word to the other', 'add_header X \u000b# ;access_log /etc/x;\n;'],
  ['a blank to one, a part of a word to the other', 'add_header X \u00a0#;access_log /etc/x;\n;'],
];

/** Lines that reach beyond the site. */
export const BEYOND: readonly (readonly [doubt: string, text: string])[] = [
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
];
