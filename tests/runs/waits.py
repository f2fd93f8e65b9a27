"""Waits as a process for trainings does where a fork is not safe, without loading anything."""

import sys

sys.stdin.readline()
sys.stdout.write("became\n")
