# What this minion is for, by the groups that it is in.
{%- set roles = salt['daily_roster.roles']() %}
{%- if roles %}
include:
{%- for role in roles %}
  - daily_roster.{{ role }}
{%- endfor %}
{%- else %}
this host is in no group of the pillar daily_roster:
  test.nop: []
{%- endif %}
