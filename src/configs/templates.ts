import { type DeployPath, deployPaths, template } from '../../templates/index.ts';
import { fill } from './fill.ts';
import { hostPattern } from './nginx/names.ts';
import { namesOfOwnServers, type OperatorNames, safeName, safePath } from './nginx/own.ts';
import { DEFAULT_WEBROOT } from './nginx/vhost.ts';

export interface DeployAnswers extends OperatorNames {
  /** Default: the domain. */
  readonly certificateName?: string;
  readonly webroot?: string;
  /** `python311`, `python3`: the name of the host's uWSGI plugin. */
  readonly uwsgiPlugin: string;
  /** The program that meilisearch.service starts. */
  readonly meilisearchBinary: string;
  /** The 0600 file that holds MEILI_MASTER_KEY. */
  readonly meilisearchEnvironment: string;
}

export interface DeployFile {
  /** Path below `deploy/` in a repository that has it, and below `/` on a host. */
  readonly path: DeployPath;
  readonly content: string;
}

/**
 * The product's own config files, for a repository without a `deploy/` folder.
 * @throws {TypeError} for a name or a path that could break out of its line.
 */
export function deployFiles(answers: DeployAnswers): DeployFile[] {
  return deployPaths.map((path) => ({ path, content: fill(template(path), valuesFor(path, answers)) }));
}

function valuesFor(path: DeployPath, answers: DeployAnswers): Record<string, string> {
  const names = namesOfOwnServers(answers);
  switch (path) {
    case 'var/www/config/nginx_studio.conf':
      return {
        names: names.join(' '),
        host_pattern: hostPattern(names),
        certificate: safeName(answers.certificateName ?? answers.domain),
        webroot: safePath(answers.webroot ?? DEFAULT_WEBROOT),
      };
    case 'var/www/config/uwsgi_studio.ini':
      return { uwsgi_plugin: answers.uwsgiPlugin };
    case 'etc/systemd/system/meilisearch.service':
      return {
        meilisearch_binary: safePath(answers.meilisearchBinary),
        meilisearch_environment: safePath(answers.meilisearchEnvironment),
      };
    default:
      return {};
  }
}
