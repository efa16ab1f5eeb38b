"""Keeps a store sound: checks and repairs it, backs it up and restores it, reads its documents anew."""

from kg.maintenance.backup import Backup, backup
from kg.maintenance.check import CheckStep, Finding, stages
from kg.maintenance.rebuild import rebuild, stale
from kg.maintenance.restore import restore

__all__ = ["Backup", "CheckStep", "Finding", "backup", "rebuild", "restore", "stages", "stale"]
