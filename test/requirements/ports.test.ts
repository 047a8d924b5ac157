import { expect, test } from 'vitest';
import { ProblemError } from '../../src/output/problem.ts';
import { freePort } from '../../src/requirements/ports.ts';
import { given } from '../host/given.ts';

const CGROUP = '/system.slice/nginx.service';

// `ss -Hltnp` of iproute2 6.1, cgroups(7), `systemctl show`: as Debian 12 prints them.
function held(program: string, cgroup: string | undefined, running = CGROUP) {
  return given({
    files: {
      '/proc/77/cmdline': program,
      ...(cgroup === undefined ? {} : { '/proc/77/cgroup': `${cgroup}\n` }),
    },
    programs: {
      'ss -Hltnp': `LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("${program}",pid=77,fd=6))\n`,
      'systemctl show': `Id=nginx.service\nActiveState=active\nControlGroup=${running}\n`,
    },
  });
}

async function said(host: ReturnType<typeof given>): Promise<string | undefined> {
  try {
    await freePort(host, 80, 'nginx.service');
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return `${error.problem.what} ${error.problem.remedy}`;
    throw error;
  }
}

test.each([
  { what: "the site's own", program: 'nginx', cgroup: `0::${CGROUP}` },
  {
    what: "the site's own, on a kernel with cgroup v1",
    program: 'nginx',
    cgroup: `12:cpu:/\n1:name=systemd:${CGROUP}`,
  },
  { what: 'a child group of its own', program: 'nginx', cgroup: `0::${CGROUP}/workers` },
  // neighbours.md 14
  {
    what: "GitLab's nginx",
    program: 'nginx',
    cgroup: '0::/system.slice/gitlab-runsvdir.service',
    says: /Port 80 is taken by nginx of gitlab-runsvdir\.service \(process 77\)/,
  },
  {
    what: "GitLab's nginx, while nginx.service does not run",
    program: 'nginx',
    cgroup: '0::/system.slice/gitlab-runsvdir.service',
    running: '',
    says: /of gitlab-runsvdir\.service/,
  },
  {
    what: 'nginx in a container',
    program: 'nginx',
    cgroup: '0::/system.slice/docker-0123abcd.scope',
    says: /nginx in a container \(process 77\)/,
  },
  {
    what: 'nginx started by hand',
    program: 'nginx',
    cgroup: '0::/user.slice/user-0.slice/session-3.scope',
    says: /nginx \(process 77, not started as a service\)/,
  },
  {
    what: 'Docker for a container',
    program: 'docker-proxy',
    cgroup: '0::/system.slice/docker.service',
    says: /docker-proxy of docker\.service/,
  },
  {
    what: 'Apache',
    program: 'apache2',
    cgroup: '0::/system.slice/apache2.service',
    says: /apache2 of apache2\.service.*systemctl disable --now apache2/,
  },
  {
    what: 'HAProxy before the site',
    program: 'haproxy',
    cgroup: '0::/system.slice/haproxy.service',
    says: /haproxy of haproxy\.service/,
  },
])('port 80 held by $what', async ({ program, cgroup, running, says }) => {
  const words = await said(held(program, cgroup, running));
  if (says === undefined) expect(words).toBeUndefined();
  else {
    expect(words).toMatch(says);
    expect(words).toContain('Nothing was changed.');
  }
});

test('a free port', async () => {
  expect(await said(given({ programs: { 'ss -Hltnp': '' } }))).toBeUndefined();
});

test('a holder that this view of the server does not show', async () => {
  const hidden = given({ programs: { 'ss -Hltnp': 'LISTEN 0 511 0.0.0.0:80 0.0.0.0:*\n' } });
  expect(await said(hidden)).toMatch(/outside this container or namespace/);
});
