# Copyright (c) studio-setup contributors
# MIT License (see LICENSE of the project, or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT
"""Starts studio-setup on the host, and reads what it prints with --json (docs/events.md of the project)."""

from __future__ import annotations

import json
import typing as t

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

Record = t.Dict[str, t.Any]

# Its exit codes (docs/commands.md of the project).
DONE = 0
PENDING = 3
WAITING = 4
INTERRUPTED = 130

EXECUTABLE_SPEC: dict[str, t.Any] = {
    "executable": {"type": "path", "default": "studio-setup"},
}

ANSWERS_SPEC: dict[str, t.Any] = {
    "answers": {"type": "dict", "default": {}},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
}


class Ran:
    """One start of the program, ended."""

    def __init__(self, rc: int, stdout: str, stderr: str) -> None:
        self.rc = rc
        self.stderr = stderr
        # What else may be there is no record: a line of the dynamic linker, for example.
        self.records: list[Record] = [json.loads(line) for line in stdout.splitlines() if line.startswith("{")]

    def of_type(self, name: str) -> list[Record]:
        """Return the records of a type, in their order."""
        return [record for record in self.records if record["type"] == name]

    def changed_operations(self) -> list[str]:
        """Return the ids of the operations that changed something."""
        return [each["operation"] for each in self.of_type("operation-finished") if each["outcome"] == "changed"]

    def problems(self) -> list[Record]:
        """Return why it stopped: what kept it from beginning, or what failed on the way."""
        failed = [
            dict(each["problem"], operation=each["operation"], section=each["operation"].split("/")[0])
            for each in self.of_type("operation-finished")
            if each["outcome"] == "failed"
        ]
        before = [
            {name: value for name, value in each.items() if name not in ("v", "type")}
            for each in self.of_type("problem")
        ]
        return failed + before

    def failed_checks(self) -> list[Record]:
        """Return the checks of the site that failed."""
        return [check_of(each) for each in self.of_type("check") if not each["ok"]]


def check_of(record: Record) -> Record:
    """Return what a check found, with the name that it has in the documentation."""
    return {name: value for name, value in record.items() if name in ("id", "title", "ok", "said", "remedy")}


class StudioSetup:
    """The program on the host."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._path: str = module.get_bin_path(module.params["executable"], opt_dirs=["/usr/local/sbin"]) or ""

    @property
    def is_installed(self) -> bool:
        """Return whether the program is there."""
        return self._path != ""

    def start(self, *words: str) -> Ran:
        """Start it with a command and its options, and wait for its end.

        Answers go to its standard input and secrets into its environment, which root alone can read (proc(5)) and which
        it hands on to no other program: neither is in an argument, where every account of the host could see it.
        """
        if not self.is_installed:
            self._module.fail_json(
                msg=f"There is no program {self._module.params['executable']} on this host. Install the package of "
                "studio-setup, or let the role do it: studio_setup_package.",
            )
        answers, environment = self._answers()
        rc, stdout, stderr = self._module.run_command(
            [self._path, *words, "--json", "--yes", "--answers", "-"],
            # Not in ASCII: in YAML, which the program reads, an escaped character is one of the first 65,536.
            data=json.dumps(answers, ensure_ascii=False),
            environ_update=environment,
            expand_user_and_vars=False,
        )
        try:
            ran = Ran(rc, stdout, stderr)
        except ValueError as error:
            self._module.fail_json(
                msg=f"A line that studio-setup printed is no record: {error}. Start it on the host, to see why.",
                rc=rc,
                stderr=stderr,
            )
        for each in ran.of_type("warning"):
            self._module.warn(each["message"])
        return ran

    def _answers(self) -> tuple[dict[str, t.Any], dict[str, str]]:
        answers = dict(self._module.params.get("answers") or {})
        environment: dict[str, str] = {}
        for number, (name, value) in enumerate(sorted((self._module.params.get("secrets") or {}).items())):
            if not isinstance(value, str) or value == "" or "\0" in value:
                self._module.fail_json(msg=f"The secret {name} must be a text that is not empty.")
            variable = f"STUDIO_SETUP_SECRET_{number}"
            answers[name] = {"env": variable}
            environment[variable] = value
        return answers, environment

    def fail(self, ran: Ran, **result: t.Any) -> t.NoReturn:
        """End the module with what studio-setup says of why it stopped, and of what to do next."""
        problems = ran.problems()
        checks = ran.failed_checks()
        if problems:
            first = problems[0]
        elif checks:
            first = {
                "what": f"A check of the site failed. {checks[0]['title']}: {checks[0]['said']}",
                "remedy": checks[0].get("remedy", ""),
            }
        elif ran.rc == INTERRUPTED:
            first = {"what": "studio-setup was stopped.", "remedy": "Start the play again: it resumes from there."}
        else:
            first = {"what": f"studio-setup ended with {ran.rc}: {ran.stderr.strip()}", "remedy": ""}
        missing = [each for problem in problems for each in problem.get("answers", [])]
        words = [first["what"], f"Missing: {', '.join(missing)}." if missing else "", first.get("remedy", "")]
        self._module.fail_json(
            msg=" ".join(word for word in words if word),
            rc=ran.rc,
            remedy=first.get("remedy", ""),
            section=first.get("section", ""),
            detail=first.get("detail", []),
            problems=problems,
            failed_checks=checks,
            missing_answers=missing,
            **result,
        )


def planned_of(ran: Ran) -> list[Record]:
    """Return the changes of a plan, without what only a diff shows."""
    names = ("section", "operation", "title", "kind", "summary", "after", "irreversible", "restarts", "reloads")
    return [{name: each[name] for name in names if name in each} for each in ran.of_type("planned")]


def diff_of(ran: Ran) -> list[dict[str, str]]:
    """Return the plan as Ansible shows it with --diff; the program masked the secrets in it."""
    return [
        {
            "prepared": "".join(
                f"{line}\n" for line in (f"{each['operation']}: {each['summary']}", each.get("diff")) if line
            )
        }
        for each in ran.of_type("planned")
    ]


def finish(program: StudioSetup, ran: Ran, check_mode: bool, diff: bool, **more: t.Any) -> dict[str, t.Any]:
    """Return the result of what changes the host, or would; end the module where that failed."""
    run: Record = (ran.of_type("run-started") or [{}])[-1]
    ends: list[Record] = ran.of_type("run-finished")
    operations = ran.changed_operations()
    result: dict[str, t.Any] = {
        **more,
        "changed": ran.rc == PENDING if check_mode else operations != [],
        "planned": planned_of(ran),
        "operations": operations,
        "restarts": sorted({unit for end in ends for unit in end["restarts"]}),
        "notices": [each["message"] for each in ran.of_type("notice")],
        "run": run.get("run", ""),
        "log": run.get("log", ""),
    }
    if diff:
        result["diff"] = diff_of(ran)
    if ran.rc not in ((DONE, PENDING) if check_mode else (DONE,)):
        program.fail(ran, **result)
    return result
