import { expect } from 'vitest';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { DjangoState } from '../../src/site/django.ts';
import {
  CHECKOUT,
  CONFIG,
  DEPLOY,
  NGINX_COMMON,
  NGINX_LINK,
  NGINX_SITE,
  SETTINGS,
  SITE_USER,
  VENV,
} from '../../src/site/layout.ts';
import section, { nginxStaticFiles } from '../../steps/configuration-files.ts';
import { sections } from '../../steps/index.ts';
import { template } from '../../templates/index.ts';
import { when } from '../host/fake/programs.ts';
import { Django } from '../operations/django.ts';
import { type Machine, table } from '../operations/table.ts';

const answers = exampleAnswers(sections);
const operation = section
  .operations(answers)
  .find(({ id }) => id === 'configuration-files/nginx_studio.common.conf');
if (operation === undefined) throw new TypeError('The section has no such operation.');
const addresses = nginxStaticFiles(answers, 'nginx/static-files');

const own = { owner: SITE_USER, group: SITE_USER };
const source = template('var/www/config/nginx_studio.common.conf');
const CLONED = {
  [CHECKOUT]: { folder: true, ...own },
  [`${CHECKOUT}/.git`]: { folder: true, ...own },
  [SETTINGS]: { text: 'x', ...own },
  [`${CHECKOUT}/poetry.lock`]: {
    text: ['django', 'sorl-thumbnail', 'psycopg2']
      .map((name) => `[[package]]\nname = "${name}"\n`)
      .join('\n'),
    ...own,
  },
  [`${DEPLOY}${NGINX_COMMON}`]: { text: source, ...own },
  [`${DEPLOY}${NGINX_SITE}`]: { text: template('var/www/config/nginx_studio.conf'), ...own },
  [CONFIG]: { folder: true, ...own },
} as const;
/** As pip writes their metadata's folders. */
const packages = (...names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [
      `${VENV}/lib/python3.11/site-packages/${name}.dist-info`,
      { folder: true as const, ...own },
    ]),
  );
const INSTALLED = packages('Django-3.2.25', 'sorl_thumbnail-12.8.0', 'psycopg2-2.9.3');
/** The real site's STATIC_URL (target.md, 14). */
const served = { served: [{ url: '/static/', root: `${CHECKOUT}/public/static` }] };

let django: Django;
const arrange =
  (state: DjangoState) =>
  ({ host }: Machine) => {
    django = new Django(host);
    django.state = state;
    // Nothing in the checkout is edited; nginx is not there yet.
    host.programs.add(
      when(/^git .* status /, () => ''),
      when(/^nginx -t/, () => ({ code: 127 })),
    );
  };
const text = ({ host }: Machine) => host.tree.read(NGINX_COMMON).toString();

const FILE = { [NGINX_COMMON]: { text: source, ...own } } as const;
const LINKED = { ...CLONED, [NGINX_LINK]: { link: NGINX_SITE } } as const;
const broken = { importError: "NameError: name 'x' is not defined" };
/** As a plan knows it, whose first operation writes the file. */
const planned =
  (state: DjangoState) =>
  (machine: Machine): void => {
    arrange(state)(machine);
    machine.host.planned.add(NGINX_COMMON);
  };

table("what the site's server blocks have in common, before nginx has the site", [
  {
    title: 'as the repository has it, and Django is not started, while packages are being installed',
    operation,
    before: { ...CLONED, ...packages('Django-3.2.25') },
    arrange: arrange(broken),
    change: { kind: 'create' },
    check: (machine) => expect([text(machine), django.calls]).toEqual([source, []]),
  },
  {
    title: 'the same once the last package is there: the plan said that the addresses come later',
    operation,
    before: { ...CLONED, ...INSTALLED },
    arrange: arrange(served),
    change: { kind: 'create' },
    check: (machine) => expect([text(machine), django.calls]).toEqual([source, []]),
  },
  {
    title: 'as it is, once it is there',
    operation,
    before: { ...CLONED, ...INSTALLED, [NGINX_COMMON]: { text: `${source}# another's\n`, ...own } },
    arrange: arrange(served),
    upToDate: true,
  },
  {
    title: 'the addresses later, while the settings do not import',
    operation: addresses,
    before: { ...CLONED, ...FILE },
    arrange: arrange(broken),
    later: 'needs settings that import',
  },
  {
    title: 'the addresses later, where the settings import before the file is there',
    operation: addresses,
    before: { ...CLONED, ...INSTALLED },
    arrange: planned(served),
    later: `needs ${NGINX_COMMON}`,
  },
  {
    title: 'the addresses once both are there',
    operation: addresses,
    before: { ...CLONED, ...INSTALLED, ...FILE },
    arrange: arrange(served),
    change: {},
    check: (machine) => expect(text(machine)).toMatch(/location \/static {/),
  },
]);

table("what the site's server blocks have in common, where nginx has the site", [
  {
    title: 'as the repository has it while the settings do not import',
    operation,
    before: LINKED,
    arrange: arrange(broken),
    change: { kind: 'create' },
    check: (machine) => expect(text(machine)).toBe(source),
  },
  {
    title: 'with the addresses of the settings where it is missing',
    operation,
    before: { ...LINKED, ...INSTALLED },
    arrange: arrange(served),
    change: { kind: 'create' },
    check: (machine) => expect(text(machine)).toMatch(/location \/static {/),
  },
  {
    title: 'with an address of the settings that it lacks',
    operation,
    before: { ...LINKED, ...INSTALLED, ...FILE },
    arrange: arrange(served),
    change: {},
    check: (machine) => expect(text(machine)).toMatch(/location \/static {/),
  },
  {
    title: 'as it is while the settings do not import',
    operation,
    before: { ...LINKED, [NGINX_COMMON]: { text: `${source}# another's\n`, ...own } },
    arrange: arrange(broken),
    upToDate: true,
  },
  {
    title: 'the addresses not a second time, where the file is about to get them',
    operation: addresses,
    before: { ...LINKED, ...INSTALLED },
    arrange: planned(served),
    upToDate: true,
  },
]);
