"""Waits as a process for trainings does, without loading anything."""

import sys

sys.stdin.readline()
