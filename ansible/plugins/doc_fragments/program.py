# Copyright (c) studio-setup contributors
# MIT License (see LICENSE of the project, or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT
"""What the documentation of every module says of the program."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - studio-setup on the host, as root
attributes:
  platform:
    platforms: debian
options:
  executable:
    description:
      - Name or path of the program on the host.
    type: path
    default: studio-setup
"""
