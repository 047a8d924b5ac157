/**
 * `npm run bench:growth`: how long `plan` and `doctor` take on a throwaway host where there is more and more of one thing.
 * Prints a table: it compares and measures, and nothing fails by a number. Needs root.
 */
import { productExecutable } from '../rehearsal/product.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { product, putProduct, unattended, withFreshHost } from './fresh-host.ts';
import { sample } from './sample.ts';
import { median } from './statistics.ts';

const TIMES = 3;
const MEDIA = '/var/www/blender-studio/public/media/growth';
const STATE = '/var/lib/studio-setup/runs';
const LOGS = '/var/log/studio-setup';
const CERTIFICATE = 'studio.example.org';

interface Growth {
  readonly what: string;
  readonly sizes: readonly number[];
  /** @returns bash that makes so many of them, whatever is there already */
  readonly make: (size: number) => string;
  /** Takes them away again. */
  readonly remove: string;
}

const GROWTHS: readonly Growth[] = [
  {
    what: 'names in nginx, each with a certificate',
    sizes: [16, 64, 256],
    make: (size) => `
      for i in $(seq ${size}); do
        echo "server { listen 80; server_name n$i.example.net; location / { return 204; } }"
        cp --recursive --dereference --no-target-directory /etc/letsencrypt/live/${CERTIFICATE} /etc/letsencrypt/live/n$i.example.net
        cp /etc/letsencrypt/renewal/${CERTIFICATE}.conf /etc/letsencrypt/renewal/n$i.example.net.conf
      done > /etc/nginx/conf.d/growth.conf
      systemctl reload nginx`,
    remove: `
      rm --recursive /etc/nginx/conf.d/growth.conf /etc/letsencrypt/live/n*.example.net /etc/letsencrypt/renewal/n*.example.net.conf
      systemctl reload nginx`,
  },
  {
    what: 'runs in the state folder',
    sizes: [10, 100, 1000],
    make: (size) => `
      for i in $(seq --format=%04.0f 2 ${size}); do
        cp --recursive --no-target-directory ${STATE}/0001 ${STATE}/$i
        cp ${LOGS}/run-0001.log ${LOGS}/run-$i.log
      done`,
    remove: `find ${STATE} ${LOGS} -mindepth 1 -maxdepth 1 ! -name '*0001*' -exec rm --recursive {} +`,
  },
  {
    what: 'files of 1 MB in the checkout',
    sizes: [10, 100, 1000],
    make: (size) =>
      asSite(`mkdir -p ${MEDIA}; for i in $(seq ${size}); do truncate --size=1M ${MEDIA}/$i; done`),
    remove: `rm --recursive ${MEDIA}`,
  },
  {
    what: 'uploads',
    sizes: [1000, 10_000, 100_000],
    make: (size) =>
      asSite(
        `for folder in $(seq ${size / 1000}); do mkdir -p ${MEDIA}/$folder; (cd ${MEDIA}/$folder; touch $(seq 1000)); done`,
      ),
    remove: `rm --recursive ${MEDIA}`,
  },
];

/** Uploads and folders inherit the group, as the site itself makes them. */
function asSite(script: string): string {
  return `setpriv --reuid=www-data --regid=www-data --clear-groups bash -ec '${script}'`;
}

async function shell(host: Rehearsal, script: string): Promise<void> {
  const { code, stderr } = await host.exec(['bash', '-ec', script]);
  if (code !== 0) throw new Error(`${script}\nended with ${code}: ${stderr.trim()}`);
}

/** @returns medians, seconds: of the time, and of the processor time of all that took part */
async function measured(host: Rehearsal, argv: readonly string[]): Promise<readonly [number, number]> {
  const all = [];
  for (let index = 0; index < TIMES; index++) all.push(await sample(host, [...product, ...argv]));
  return [median(all.map(({ seconds }) => seconds)), median(all.map(({ cpu }) => cpu))];
}

async function row(host: Rehearsal, what: string): Promise<void> {
  const plan = await measured(host, ['plan', ...unattended]);
  const doctor = await measured(host, ['doctor']);
  console.log(`| ${what} | ${[...plan, ...doctor].map((each) => each.toFixed(2)).join(' | ')} |`);
}

const executable = await productExecutable((line) => console.error(line));
await withFreshHost(async (host) => {
  await putProduct(host, executable);
  await sample(host, [...product, 'run', ...unattended]);
  console.log('| There are | `plan` | of a processor | `doctor` | of a processor |');
  console.log('| --- | --- | --- | --- | --- |');
  await row(host, 'none of these');
  for (const { what, sizes, make, remove } of GROWTHS) {
    for (const size of sizes) {
      await shell(host, make(size));
      await row(host, `${size.toLocaleString('en')} ${what}`);
    }
    await shell(host, remove);
  }
});
