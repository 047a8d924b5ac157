import type { Answers } from '../answers/answers.ts';
import { type DeployFile, deployFiles } from '../configs/templates.ts';
import type { NotYet } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { ACME_WEBROOT, CHECKOUT, DEPLOY, MEILISEARCH_KEY_FILE, SITE_USER } from './layout.ts';
import { CODE, hasAnyRole } from './roles.ts';

/**
 * @param path where the file goes, absolute; the checkout has it at `deploy/` and the same path
 * @returns the checkout's text, or the product's own where the repository has no such file and the operator agreed
 * @throws ProblemError when the repository has no `deploy/` folder and the operator did not agree to the product's files
 */
export async function deployed(host: Host, answers: Answers, path: string): Promise<string | NotYet> {
  const template = () => templates(answers).find((each) => `/${each.path}` === path)?.content;
  // A server that has only the search engine has no checkout.
  if (!hasAnyRole(answers, ...CODE)) return template() ?? { later: 'needs the checkout' };
  if ((await host.status(`${CHECKOUT}/.git`)) === undefined) return { later: 'needs the checkout' };
  const own = await checkoutFile(host, path);
  if (own !== undefined) return own;
  const ours = answers.flag('configuration.templates') ? template() : undefined;
  if (ours === undefined) throw withoutDeploy(path);
  return ours;
}

/** @returns the checkout's own copy, read as www-data: it could have put a link there. */
export function checkoutFile(host: Host, path: string): Promise<string | undefined> {
  return host.once(`deploy:${path}`, () => host.read(`${DEPLOY}${path}`, { as: SITE_USER }));
}

/**
 * The product's own files, for a repository that has none. Values that the files' own transformations
 * (`steps/configuration-files.ts`) put right afterwards are in them as they come.
 */
export function templates(answers: Answers): DeployFile[] {
  return deployFiles({
    domain: answers.text('domain'),
    extraNames: answers.list('extra-names'),
    webroot: ACME_WEBROOT,
    uwsgiPlugin: 'python3',
    meilisearchBinary: '/usr/bin/meilisearch',
    meilisearchEnvironment: MEILISEARCH_KEY_FILE,
  });
}

function withoutDeploy(path: string): ProblemError {
  return new ProblemError({
    what: `The repository has no deploy${path}: the document's configuration files are not in this state of it.`,
    remedy:
      "Choose a branch or an older state that has deploy/ (answer repository.branch), or take the product's own files: answer configuration.templates with yes. No service was touched.",
  });
}
