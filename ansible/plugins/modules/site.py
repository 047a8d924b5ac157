#!/usr/bin/python
# Copyright (c) studio-setup contributors
# MIT License (see LICENSE of the project, or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: site
short_description: Set up Blender Studio on a host
version_added: 0.1.0
author:
  - studio-setup contributors (@studio-setup)
description:
  - Brings the host to what the production document of Blender Studio asks for, with C(studio-setup run).
  - Only what is missing is changed. A second time it changes nothing.
  - In check mode it shows what C(studio-setup plan) finds, and changes nothing. On a host without a site most changes depend on
    earlier ones, and are listed as such.
extends_documentation_fragment:
  - action_common_attributes
  - blender_studio.studio_setup.program
attributes:
  check_mode:
    support: full
    details: The operations that a run would make, and those that are known only once others are made.
  diff_mode:
    support: full
    details: The plan, with the differences of files. Secrets are masked.
options:
  answers:
    description:
      - Answers to the questions of studio-setup, as in an answers file. They go to its standard input.
      - C(studio-setup answers --example) prints all of them.
      - A secret must not be in it. Instead of one, write V(generate), or a map with the path of a file on the host as C(file).
      - An answer that is not given comes from the host, from the last run, or is the default.
    type: dict
    default: {}
  secrets:
    description:
      - Secret answers, by id, such as C(database.password). Keep them in a vault.
      - They reach studio-setup in its environment, which only root can read. They are in no argument, log or result.
    type: dict
    default: {}
  sections:
    description:
      - Ids of sections to set up. All if it is empty.
    type: list
    elements: str
    default: []
  overwrite:
    description:
      - Files that are replaced although they were edited by hand, or although the checkout has something unusual for them.
      - The id of an answer uses the answer although the host has another value.
    type: list
    elements: str
    default: []
  mine:
    description:
      - Files that stay as they are from now on.
    type: list
    elements: str
    default: []
seealso:
  - module: blender_studio.studio_setup.site_update
  - module: blender_studio.studio_setup.site_info
"""

EXAMPLES = r"""
- name: Set up the site
  blender_studio.studio_setup.site:
    answers:
      domain: studio.example.org
      certificate.email: admin@example.org
      repository.url: https://git.example.org/blender-studio.git
      secret-key: generate
      blender-id: skip
    secrets:
      admin.password: "{{ vault_admin_password }}"
  become: true

- name: Renew what belongs to the certificate alone
  blender_studio.studio_setup.site:
    sections:
      - certificate
  become: true
"""

RETURN = r"""
planned:
  description: What the plan has, in its order. These changes were made, or, in check mode, would be.
  returned: always
  type: list
  elements: dict
  contains:
    section:
      description: Id of the section.
      type: str
      returned: always
    operation:
      description: Id of the operation.
      type: str
      returned: always
    title:
      description: Title of the operation.
      type: str
      returned: always
    kind:
      description: V(create), V(update), V(run), or V(later) if it is known only once an earlier change is made.
      type: str
      returned: always
    summary:
      description: What changes on the host.
      type: str
      returned: always
    after:
      description: What must be done first.
      type: str
      returned: if O(ignore:kind) is V(later)
    irreversible:
      description: Why the change cannot be undone.
      type: str
      returned: if that is so
    restarts:
      description: Names of the units that it restarts.
      type: list
      elements: str
      returned: always
    reloads:
      description: Names of the units that it reloads.
      type: list
      elements: str
      returned: always
operations:
  description: Ids of the operations that changed something. Empty in check mode.
  returned: always
  type: list
  elements: str
  sample: [nginx/site, certificate/certificate]
restarts:
  description: Names of the units that were restarted or reloaded.
  returned: always
  type: list
  elements: str
notices:
  description: What an operator should know.
  returned: always
  type: list
  elements: str
run:
  description: Number of the run, for C(studio-setup undo). Empty if nothing was changed.
  returned: always
  type: str
  sample: "0001"
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
  description: Id of the section that failed. Empty if it was none.
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
failed_checks:
  description: Checks of the site that failed at the end.
  returned: failure
  type: list
  elements: dict
missing_answers:
  description: Ids of the answers that are needed, and that nobody gave.
  returned: failure
  type: list
  elements: str
  sample: [repository.url]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.blender_studio.studio_setup.plugins.module_utils.studio_setup import (
    ANSWERS_SPEC,
    EXECUTABLE_SPEC,
    StudioSetup,
    finish,
)


def main() -> None:
    lists = {"type": "list", "elements": "str", "default": []}
    module = AnsibleModule(
        argument_spec={**EXECUTABLE_SPEC, **ANSWERS_SPEC, "sections": lists, "overwrite": lists, "mine": lists},
        supports_check_mode=True,
    )
    # Options that take several values come last: what follows would be one of them.
    words = ["plan", "--diff"] if module.check_mode else ["run"]
    words += module.params["sections"]
    for name in ("overwrite", "mine"):
        if module.params[name]:
            words += [f"--{name}", *module.params[name]]
    program = StudioSetup(module)
    module.exit_json(**finish(program, program.start(*words), module.check_mode, module._diff))


if __name__ == "__main__":
    main()
