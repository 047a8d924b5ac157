import { retryAfterIn } from '../configs/nginx/maintenance.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { requirement } from '../operations/command.ts';
import { maintenanceOff, maintenanceOn, RETRY_AFTER, siteNames } from '../operations/maintenance.ts';
import { isRecord, parsedJson } from '../output/json.ts';
import { ProblemError } from '../output/problem.ts';
import { MAINTENANCE } from '../site/layout.ts';
import { isMaintenancePage } from '../site/maintenance.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from './procedure.ts';
import { proof } from './proof.ts';
import { siteAnswers, siteBehind } from './site.ts';
import { removeTransactionRecord } from './transaction-record.ts';
import { keepWay, keptWay, NOTHING_TO_DO } from './way.ts';

/** The seconds that visitors with the page are told to wait; `null`: they get the site. */
type Page = number | null;

interface PageChange {
  readonly from: Page;
  readonly to: Page;
}

/** The maintenance page. Arguments: `state`, `on` or `off`, the other one than now when absent; `retry-after`, seconds. */
export async function maintenance(
  { id, transactionRecord }: ProcedureKind,
  { host }: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const begun = await keptWay(host, transactionRecord, parsedChange);
  const change = begun ?? (await newChange(host, given));
  const { from, to } = change;
  const words = {
    id,
    arguments: to === null ? { state: 'off' } : { state: 'on', 'retry-after': String(to) },
    done:
      to === null
        ? 'Visitors get the site.'
        : 'Visitors get the maintenance page. To end it: studio-setup maintenance off',
    undone:
      from === null ? 'Visitors get the site, as before.' : 'Visitors get the maintenance page, as before.',
  };
  if (begun === undefined && (await areDone(host, pageOperations('maintenance', to))))
    return { ...words, ...NOTHING_TO_DO };
  const way = (prefix: string, page: Page): readonly Operation[] => [
    ...pageOperations(prefix, page),
    pageProof(`${prefix}/proof`, page, transactionRecord),
    removeTransactionRecord(`${prefix}/forget`, transactionRecord),
  ];
  return {
    ...words,
    notices: to === null ? [] : noticesOf(to),
    requirements: to === null ? [worksBehind()] : [],
    forward: [keepWay('maintenance/keep', transactionRecord, change), ...way('maintenance', to)],
    backward: way('maintenance-back', from),
  };
}

function parsedChange(text: string): PageChange | undefined {
  const value = parsedJson(text);
  if (!isRecord(value)) return undefined;
  return [value.from, value.to].every((page) => page === null || Number.isSafeInteger(page))
    ? (value as unknown as PageChange)
    : undefined;
}

async function newChange(host: Host, given: Readonly<Record<string, string>>): Promise<PageChange> {
  const text = await host.read(MAINTENANCE);
  const from = text === undefined ? null : (retryAfterIn(text) ?? RETRY_AFTER);
  const on = given.state === undefined ? from === null : given.state === 'on';
  return { from, to: on ? Number(given['retry-after'] ?? from ?? RETRY_AFTER) : null };
}

function pageOperations(prefix: string, page: Page): readonly Operation[] {
  return page === null ? maintenanceOff(prefix) : maintenanceOn(prefix, page);
}

async function areDone(host: Host, operations: readonly Operation[]): Promise<boolean> {
  for (const operation of operations) if ((await operation.observe(host)) !== undefined) return false;
  return true;
}

function noticesOf(seconds: number): readonly string[] {
  return [
    `Every HTTPS request to the site gets HTTP 503 with "Retry-After: ${seconds}". That includes webhook calls: Mailgun repeats its own for 8 hours, and other services may give up sooner.`,
    'Certificates renew meanwhile, and other sites of this server go on. The site itself, its background tasks and its timers keep running.',
    'Searches and indexing by management commands go through the public address: they fail while the page is on.',
  ];
}

/** What would take the place of the page. */
function worksBehind(): Operation {
  return requirement({
    id: 'maintenance/site',
    title: 'the site works behind the page',
    async check(host) {
      const [name] = await siteNames(host);
      const wrong = await siteBehind(name);
      if (wrong === undefined) return;
      throw new ProblemError({
        what: `${wrong} The page stays on. Nothing was changed.`,
        remedy: 'See what is wrong: studio-setup doctor, and journalctl -u studio -n 50',
      });
    },
  });
}

/** As visitors come: by each name of the site, wherever it leads to. */
function pageProof(id: string, page: Page, after: string): Operation {
  return proof({
    id,
    title: page === null ? 'visitors get the site' : 'visitors get HTTP 503 with Retry-After',
    after: [after, MAINTENANCE],
    async wrong(host) {
      for (const name of await siteNames(host)) {
        const wrong = await (page === null ? siteAnswers(host, name) : withoutPage(host, name, page));
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    },
    remedy: 'See what else is wrong: studio-setup doctor',
  });
}

async function withoutPage(host: Host, name: string, page: number): Promise<string | undefined> {
  const answer = await host.request(`https://${name}/`);
  const { error, status, headers } = answer;
  if (!isMaintenancePage(answer))
    return `https://${name}/ does not show the maintenance page (${error ?? `HTTP ${status}`}).`;
  return headers['retry-after'] === String(page)
    ? undefined
    : `https://${name}/ returned "Retry-After: ${headers['retry-after']}" (expected ${page}).`;
}
