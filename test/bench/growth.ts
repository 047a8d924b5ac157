/**
 * `npm run bench:growth`: how long `plan` and `doctor` take on a throwaway host where there is more and more of one thing.
 * Prints the numbers, keeps them in `test/bench/results/growth.json` and writes `docs/benchmarks.md` from all that is kept:
 * it compares and measures, and nothing fails by a number. Needs root, 12 GB of free memory, and some ten minutes.
 *
 * --print        keeps nothing and writes no page
 * --only WORD    measures only what has the word in its name, and keeps nothing
 */
import { parseArgs } from 'node:util';
import { productExecutable } from '../rehearsal/product.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { product, putProduct, unattended, withFreshHost } from './fresh-host.ts';
import { type Cost, type GrowthFigures, worstOfLinear } from './growth-figures.ts';
import { sample } from './sample.ts';
import { median } from './statistics.ts';
import { store } from './stored.ts';

const TIMES = 3;
const CHECKOUT = '/var/www/blender-studio';
const MEDIA = `${CHECKOUT}/public/media/growth`;
const STATE = '/var/lib/studio-setup/runs';
const LOGS = '/var/log/studio-setup';
const CERTIFICATE = 'studio.example.org';
/** What the site was before, as git names it. */
const BEFORE = 'refs/growth/before';

interface Growth {
  readonly what: string;
  readonly sizes: readonly number[];
  /** @returns bash that makes so many of them, where there are none */
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
    what: 'GB in the checkout',
    sizes: [1, 5],
    // Files of 50 MB that cannot be compressed, committed on the site's branch: each once in git's store, once in the tree.
    make: (size) =>
      asSite(`
      cd ${CHECKOUT}
      git update-ref ${BEFORE} HEAD
      bytes=50000000
      files=$(seq ${size * 10})
      {
        for i in $files; do echo blob; echo "mark :$i"; echo "data $bytes"; head --bytes=$bytes /dev/urandom; echo; done
        echo "commit refs/heads/production"
        echo "committer Growth <growth@example.org> 1600000000 +0000"
        echo "data 0"
        echo "from ${BEFORE}^0"
        for i in $files; do echo "M 100644 :$i growth/$i"; done
      } | git -c fastimport.unpackLimit=1 -c pack.compression=0 -c core.bigFileThreshold=1m fast-import --quiet
      git reset --quiet --hard`),
    remove: asSite(`
      cd ${CHECKOUT}
      git reset --quiet --hard ${BEFORE}
      git update-ref -d ${BEFORE}
      git reflog expire --expire=now --all
      git repack -a -d --quiet`),
  },
  {
    what: 'media files',
    sizes: [10_000, 100_000],
    make: (size) =>
      asSite(
        `for folder in $(seq ${size / 1000}); do mkdir -p ${MEDIA}/$folder; (cd ${MEDIA}/$folder; touch $(seq 1000)); done`,
      ),
    remove: `rm --recursive ${MEDIA}`,
  },
];

/** Uploads and folders inherit the group, as the site itself makes them. */
function asSite(script: string): string {
  return `HOME=/var/www setpriv --reuid=www-data --regid=www-data --clear-groups bash -ec '${script}'`;
}

async function shell(host: Rehearsal, script: string): Promise<void> {
  const { code, stderr } = await host.exec(['bash', '-ec', script]);
  if (code !== 0) throw new Error(`${script}\nended with ${code}: ${stderr.trim()}`);
}

async function measured(host: Rehearsal, argv: readonly string[]): Promise<readonly [number, number]> {
  const all = [];
  for (let index = 0; index < TIMES; index++) all.push(await sample(host, [...product, ...argv]));
  return [median(all.map(({ seconds }) => seconds)), median(all.map(({ cpu }) => cpu))];
}

async function costOn(host: Rehearsal, what: string): Promise<Cost> {
  const [plan, planCpu] = await measured(host, ['plan', ...unattended]);
  const [doctor, doctorCpu] = await measured(host, ['doctor']);
  const shown = [plan, planCpu, doctor, doctorCpu].map((each) => each.toFixed(2));
  console.log(
    `${what}: plan ${shown[0]} s, processor ${shown[1]} s; doctor ${shown[2]} s, processor ${shown[3]} s`,
  );
  return { plan, planCpu, doctor, doctorCpu };
}

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, print: { type: 'boolean', default: false } },
});
const executable = await productExecutable((line) => console.error(line));
const figures = await withFreshHost(async (host): Promise<GrowthFigures> => {
  await putProduct(host, executable);
  await sample(host, [...product, 'run', ...unattended]);
  const none = await costOn(host, 'none of these');
  const growths = [];
  for (const { what, sizes, make, remove } of GROWTHS) {
    if (!what.includes(values.only)) continue;
    const costs = [];
    for (const size of sizes) {
      await shell(host, make(size));
      costs.push({ size, cost: await costOn(host, `${size.toLocaleString('en')} ${what}`) });
      // The disk is in memory: one size makes room for the next.
      await shell(host, remove);
    }
    growths.push({ what, sizes: costs });
  }
  return { none, growths };
});
console.log(`from one size to the next, at worst ${worstOfLinear(figures).toFixed(2)} of linear`);
if (!values.print && values.only === '') {
  await store('growth', figures);
  console.log('wrote test/bench/results/growth.json and docs/benchmarks.md');
}
