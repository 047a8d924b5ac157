import type { Served } from '../../../src/configs/nginx/served.ts';
import { template } from '../../../templates/index.ts';

interface Case {
  readonly name: string;
  readonly source: string;
  readonly served: readonly Served[];
  /** Locations and folders afterwards, in the order of the file. */
  readonly after: readonly string[];
}

const ROOT = '/var/www/blender-studio/public/static';
const statics = (url: string, root = ROOT): readonly Served[] => [{ url, root }];

/** The repository's file (target.md, section 2): `/static-studio` and `/media` as aliases into `public/`. */
const repository = template('var/www/config/nginx_studio.common.conf');
const own = [`/static-studio ${ROOT}`, '/media /var/www/blender-studio/public/media'];

export const SERVED_CASES: readonly Case[] = [
  { name: 'the same address', source: repository, served: statics('/static-studio/'), after: own },
  {
    name: 'the real site: STATIC_URL is /static/ (target.md 14)',
    source: repository,
    served: [...statics('/static/'), { url: '/media/', root: '/var/www/blender-studio/public/media' }],
    after: [own[0] ?? '', `/static ${ROOT}`, own[1] ?? ''],
  },
  {
    name: 'another MEDIA_URL',
    source: repository,
    served: [{ url: '/uploads/', root: '/var/www/blender-studio/public/media/' }],
    after: [...own, '/uploads /var/www/blender-studio/public/media'],
  },
  {
    name: 'another STATIC_ROOT',
    source: repository,
    served: statics('/static-studio/', '/srv/static'),
    after: ['/static-studio /srv/static', own[1] ?? ''],
  },
  {
    name: 'another STATIC_URL and STATIC_ROOT',
    source: repository,
    served: statics('/s-files/', '/srv/static'),
    after: ['/s-files /srv/static', ...own],
  },
  {
    name: 'slashes at the end, which must stay in pairs',
    source: 'location /static-studio/ {\n    alias /srv/x/;\n    expires 7d;\n}\n',
    served: statics('/static/', '/srv/x'),
    after: ['/static-studio/ /srv/x/', '/static/ /srv/x/'],
  },
  {
    name: 'slashes at the end, and another folder',
    source: 'location /static/ {\n    alias /srv/old/;\n}\n',
    served: statics('/static/', '/srv/x'),
    after: ['/static/ /srv/x/'],
  },
  {
    name: 'a location that wins over patterns',
    source: 'location ^~ /a {\n    alias /srv/x;\n}\n',
    served: statics('/b/', '/srv/x'),
    after: ['/a /srv/x', '/b /srv/x'],
  },
  {
    name: 'another host serves them',
    source: repository,
    served: statics('https://cdn.example.org/static/'),
    after: own,
  },
  { name: "the front page's own address", source: repository, served: statics('/'), after: own },
  {
    name: 'an address that is more than one',
    source: repository,
    served: statics('/x;include/tmp/evil/'),
    after: own,
  },
  {
    name: 'a folder that is more than one',
    source: repository,
    served: statics('/x/', '/srv/x; } include /tmp/evil'),
    after: own,
  },
  { name: 'a folder above itself', source: repository, served: statics('/x/', '/srv/../etc'), after: own },
  {
    name: 'an application at that address',
    source: 'location /static {\n    proxy_pass http://127.0.0.1:9000;\n}\n',
    served: statics('/static/'),
    after: ['/static -'],
  },
  {
    name: 'a comment that looks like one',
    source: '# location /static { alias /srv/x; }\nlocation / {\n    uwsgi_pass studio;\n}\n',
    served: statics('/static/'),
    after: [`/static ${ROOT}`, '/ -'],
  },
  {
    name: 'no location at all',
    source: 'charset utf-8;\n',
    served: statics('/static/'),
    after: [`/static ${ROOT}`],
  },
];
