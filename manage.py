#!/usr/bin/env python3
"""Django's command line; `./dev manage …` runs it in the project's environment.

While `./dev up` runs, commands reach its database without any settings.
"""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from reviewapp.launcher.running import adopt_environment

if __name__ == "__main__":
    adopt_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    execute_from_command_line(sys.argv)
