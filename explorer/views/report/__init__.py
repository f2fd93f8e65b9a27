"""A model with what was measured of it as one page to read: ``explorer report``, and a button on Latent space."""

from __future__ import annotations

from explorer.views.report.assembled import ReportPage, report_page
from explorer.views.report.reported import Reported, reported_items, reported_samples

__all__ = ["ReportPage", "Reported", "report_page", "reported_items", "reported_samples"]
