# Every minion that the pillar names as a host gets what that host is for.
base:
  '*':
    - daily_roster
