base:
  '*':
    - daily_roster
