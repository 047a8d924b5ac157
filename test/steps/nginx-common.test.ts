import { expect } from 'vitest';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { DjangoState } from '../../src/site/django.ts';
import {
  CHECKOUT,
  CONFIG,
  DEPLOY,
  NGINX_COMMON,
  NGINX_SITE,
  SETTINGS,
  SITE_USER,
  UNITS,
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
  [`${DEPLOY}${NGINX_COMMON}`]: { text: source, ...own },
  [`${DEPLOY}${NGINX_SITE}`]: { text: template('var/www/config/nginx_studio.conf'), ...own },
  [CONFIG]: { folder: true, ...own },
} as const;
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
/** As `systemctl enable studio.service` makes it. */
const SET_UP = {
  ...CLONED,
  [`${UNITS}/multi-user.target.wants/studio.service`]: { link: `${UNITS}/studio.service` },
} as const;
const broken = { importError: "NameError: name 'x' is not defined" };
/** As a plan knows it, whose first operation writes the file. */
const planned =
  (state: DjangoState) =>
  (machine: Machine): void => {
    arrange(state)(machine);
    machine.host.planned.add(NGINX_COMMON);
  };

table("what the site's server blocks have in common, before the site is set up", [
  {
    title: 'as the repository has it, and Django is not asked, while the settings do not import',
    operation,
    before: CLONED,
    arrange: arrange(broken),
    change: { kind: 'create' },
    check: (machine) => expect([text(machine), django.calls]).toEqual([source, []]),
  },
  {
    title: 'the same once they import: the plan said that the addresses come later',
    operation,
    before: CLONED,
    arrange: arrange(served),
    change: { kind: 'create' },
    check: (machine) => expect([text(machine), django.calls]).toEqual([source, []]),
  },
  {
    title: 'left as it is once it exists',
    operation,
    before: { ...CLONED, [NGINX_COMMON]: { text: `${source}# another's\n`, ...own } },
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
    before: CLONED,
    arrange: planned(served),
    later: `needs ${NGINX_COMMON}`,
  },
  {
    title: 'the addresses once both are there',
    operation: addresses,
    before: { ...CLONED, ...FILE },
    arrange: arrange(served),
    change: {},
    check: (machine) => expect(text(machine)).toMatch(/location \/static {/),
  },
]);

table("what the site's server blocks have in common, where the site is set up", [
  {
    title: 'as the repository has it while the settings do not import',
    operation,
    before: SET_UP,
    arrange: arrange(broken),
    change: { kind: 'create' },
    check: (machine) => expect(text(machine)).toBe(source),
  },
  {
    title: 'with the addresses of the settings where it is missing',
    operation,
    before: SET_UP,
    arrange: arrange(served),
    change: { kind: 'create' },
    check: (machine) => expect(text(machine)).toMatch(/location \/static {/),
  },
  {
    title: 'with an address of the settings that it lacks',
    operation,
    before: { ...SET_UP, ...FILE },
    arrange: arrange(served),
    change: {},
    check: (machine) => expect(text(machine)).toMatch(/location \/static {/),
  },
  {
    title: 'as it is while the settings do not import',
    operation,
    before: { ...SET_UP, [NGINX_COMMON]: { text: `${source}# another's\n`, ...own } },
    arrange: arrange(broken),
    upToDate: true,
  },
  {
    title: 'does not add the addresses a second time where the first operation will',
    operation: addresses,
    before: SET_UP,
    arrange: planned(served),
    upToDate: true,
  },
]);
