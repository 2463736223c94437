"""Measurements: ``./dev bench [NAME …]``. Each is shown beside a floor or a peer
in the same run, since only ratios compare between machines."""
