#!/usr/bin/python
# Copyright (c) studio-setup contributors
# MIT License (see LICENSE of the project, or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: site_update
short_description: Bring new code to the live site
version_added: 0.1.0
author:
  - studio-setup contributors (@studio-setup)
description:
  - Updates the site of the host with C(studio-setup update), and proves that it works. If a step or the proof fails, the old
    release serves again, and the module fails.
  - It changes nothing if the site has that code already.
  - In check mode it fetches the code, which changes no file of the site, and shows what would come.
extends_documentation_fragment:
  - action_common_attributes
  - blender_studio.studio_setup.program
attributes:
  check_mode:
    support: full
    details: Fetches into the repository of the checkout, and changes nothing of the site.
  diff_mode:
    support: full
    details: The operations of the update, with the differences of files. Secrets are masked.
options:
  ref:
    description:
      - Branch or commit to update to. The newest commit of the branch that is checked out, if it is not given.
    type: str
  rollback:
    description:
      - Go back to the release before the last update instead. Unlike an update, this is an action; each time goes back once more.
    type: bool
    default: false
  restore_database:
    description:
      - Where migrations have no way back, the database may be put back from its dump. What was written since is lost.
    type: bool
    default: false
  maintenance:
    description:
      - Whether visitors get the maintenance page during the migrations. Only where those do not suit the code that serves, if it
        is not given.
    type: bool
seealso:
  - module: blender_studio.studio_setup.site
  - module: blender_studio.studio_setup.site_info
"""

EXAMPLES = r"""
- name: Bring the newest code of the branch
  blender_studio.studio_setup.site_update:
  become: true

- name: Bring a commit
  blender_studio.studio_setup.site_update:
    ref: 4f2a9c1
  become: true

- name: Go back to the release before
  blender_studio.studio_setup.site_update:
    rollback: true
  become: true
"""

RETURN = r"""
state:
  description: V(new) after an update, V(old) if a step failed and the old release serves again. Empty if there was nothing to do.
  returned: always
  type: str
planned:
  description: The operations of the update, as in M(blender_studio.studio_setup.site).
  returned: always
  type: list
  elements: dict
operations:
  description: Ids of the operations that changed something. Empty in check mode.
  returned: always
  type: list
  elements: str
restarts:
  description: Names of the units that were restarted or reloaded.
  returned: always
  type: list
  elements: str
notices:
  description: What comes, such as commits, migrations and new settings, and what an operator should know.
  returned: always
  type: list
  elements: str
run:
  description: Number of the run, for C(studio-setup undo). Empty if nothing was changed.
  returned: always
  type: str
log:
  description: Path of the log on the host. Empty if nothing was changed.
  returned: always
  type: str
rc:
  description: Exit code of studio-setup.
  returned: failure
  type: int
remedy:
  description: What to do next. It is in RV(ignore:msg), too.
  returned: failure
  type: str
section:
  description: What the operation that failed is a part of, V(update) for one. Empty if it was none.
  returned: failure
  type: str
detail:
  description: Lines such as the last output, a journal or a difference, without secrets.
  returned: failure
  type: list
  elements: str
problems:
  description: All that failed, as C(problem) records of studio-setup.
  returned: failure
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.blender_studio.studio_setup.plugins.module_utils.studio_setup import (
    EXECUTABLE_SPEC,
    StudioSetup,
    finish,
)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **EXECUTABLE_SPEC,
            "ref": {"type": "str"},
            "rollback": {"type": "bool", "default": False},
            "restore_database": {"type": "bool", "default": False},
            "maintenance": {"type": "bool"},
        },
        supports_check_mode=True,
    )
    params = module.params
    if params["ref"] and params["rollback"]:
        module.fail_json(msg="A rollback goes to the release before the last update: it takes no ref.")
    words = ["update"]
    if params["ref"]:
        words.append(params["ref"])
    for name in ("rollback", "restore_database"):
        if params[name]:
            words.append(f"--{name.replace('_', '-')}")
    if params["maintenance"] is not None:
        words.append("--maintenance" if params["maintenance"] else "--no-maintenance")
    if module.check_mode:
        words.append("--check")
    program = StudioSetup(module)
    ran = program.start(*words)
    ends = ran.of_type("procedure-finished")
    state = ends[-1]["state"] if ends else ""
    module.exit_json(**finish(program, ran, module.check_mode, module._diff, state=state))


if __name__ == "__main__":
    main()
