"""Loading the demonstration through the services and jobs that a team's clicks use.

Every step asks what is there already, so that an interrupted load goes on.
"""
