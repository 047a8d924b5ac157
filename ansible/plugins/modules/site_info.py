#!/usr/bin/python
# Copyright (c) studio-setup contributors
# MIT License (see LICENSE of the project, or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: site_info
short_description: Tell how the site of a host is
version_added: 0.1.0
author:
  - studio-setup contributors (@studio-setup)
description:
  - Tells the state of each section, from C(studio-setup status), and what each check of the site finds, from
    C(studio-setup doctor).
  - A check that fails does not fail the module. RV(healthy) tells whether all passed.
extends_documentation_fragment:
  - action_common_attributes
  - blender_studio.studio_setup.program
attributes:
  check_mode:
    support: full
    details: It changes nothing.
  diff_mode:
    support: none
options:
  gather:
    description:
      - What to ask for. The checks take some seconds.
    type: list
    elements: str
    choices: [sections, checks]
    default: [sections, checks]
seealso:
  - module: blender_studio.studio_setup.site
  - module: blender_studio.studio_setup.site_update
"""

EXAMPLES = r"""
- name: Ask how the site is
  blender_studio.studio_setup.site_info:
  become: true
  register: site

- name: Stop where a check fails
  ansible.builtin.assert:
    that: site.healthy
    fail_msg: "{{ site.failed_checks | map(attribute='said') | join(' ') }}"
"""

RETURN = r"""
installed:
  description: Whether studio-setup is on the host. If it is not, nothing else is known.
  returned: always
  type: bool
sections:
  description: The state of each section. Empty if it was not asked for.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the section.
      type: str
      returned: always
    title:
      description: Its title.
      type: str
      returned: always
    state:
      description:
        - V(done), V(to do), V(drifted) if it was up to date once, or V(blocked) if something on the host must be fixed first.
      type: str
      returned: always
    done:
      description: Number of operations that are up to date.
      type: int
      returned: always
    of:
      description: Number of its operations.
      type: int
      returned: always
    answers_missing:
      description: Number of answers that are missing.
      type: int
      returned: always
checks:
  description: What each check found. Empty if it was not asked for.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the check.
      type: str
      returned: always
    title:
      description: Its title.
      type: str
      returned: always
    ok:
      description: Whether it passed.
      type: bool
      returned: always
    said:
      description: What was found.
      type: str
      returned: always
    remedy:
      description: What fixes it.
      type: str
      returned: if it failed
failed_checks:
  description: Those of RV(checks) that failed.
  returned: always
  type: list
  elements: dict
healthy:
  description: Whether all checks passed and no procedure was interrupted. Not there if the checks were not asked for.
  returned: if the checks were asked for
  type: bool
pending:
  description: Names of the procedures that were interrupted, C(update) for one. The next run or update finishes them first.
  returned: always
  type: list
  elements: str
notices:
  description: What an operator should know, such as that visitors get the maintenance page.
  returned: always
  type: list
  elements: str
history:
  description: How the site went and what was done to it, where the watch has looked. A C(history) record of studio-setup.
  returned: always
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.blender_studio.studio_setup.plugins.module_utils.studio_setup import (
    DONE,
    EXECUTABLE_SPEC,
    PENDING,
    StudioSetup,
    check_of,
)

# By what is asked for: the command that tells it.
COMMANDS = {"sections": "status", "checks": "doctor"}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **EXECUTABLE_SPEC,
            "gather": {"type": "list", "elements": "str", "choices": list(COMMANDS), "default": list(COMMANDS)},
        },
        supports_check_mode=True,
    )
    program = StudioSetup(module)
    result: dict[str, object] = {"installed": program.is_installed, "history": {}}
    records = []
    for each in module.params["gather"] if program.is_installed else []:
        ran = program.start(COMMANDS[each])
        if ran.rc not in (DONE, PENDING):
            program.fail(ran)
        records += ran.records
        if each == "checks":
            result["healthy"] = ran.rc == DONE
    of_type = {name: [each for each in records if each["type"] == name] for name in ("section", "check", "history")}
    for each in of_type["history"]:
        result["history"] = {name: value for name, value in each.items() if name not in ("v", "type")}
    checks = [check_of(each) for each in of_type["check"]]
    module.exit_json(
        **result,
        sections=[
            {
                **{name: each[name] for name in ("id", "title", "state", "done", "of")},
                "answers_missing": each["answersMissing"],
            }
            for each in of_type["section"]
        ],
        checks=checks,
        failed_checks=[each for each in checks if not each["ok"]],
        pending=sorted({each["procedure"] for each in records if each["type"] == "pending"}),
        notices=list(dict.fromkeys(each["message"] for each in records if each["type"] == "notice")),
    )


if __name__ == "__main__":
    main()
