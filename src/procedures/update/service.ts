import type { Service } from '../../engine/service.ts';
import { needsManagedPython } from '../../site/python.ts';
import { SERVICES } from '../../site/services.ts';

/**
 * uWSGI out of the virtualenv starts itself again with the Python that it was started with: that of the old one. With another
 * one it has to be restarted. @param moved whether the virtualenv is another one
 */
export function siteService(moved: boolean): Service {
  const { studio } = SERVICES;
  const { reload } = studio;
  if (!moved || reload === undefined) return studio;
  return {
    ...studio,
    reload: {
      ...reload,
      command: async (host) => ((await needsManagedPython(host)) ? undefined : reload.command(host)),
    },
  };
}
