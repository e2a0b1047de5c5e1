# The program, as the role roster sets it up.
{%- set v = salt['daily_roster.variables']('roster') %}
{%- set root = v.roster_root %}

{%- for folder in ['/usr/local/bin', '/etc/roster', '/etc/systemd/system'] %}
{{ root }}{{ folder }}:
  file.directory:
    - user: root
    - group: root
    - mode: '0755'
    - makedirs: True
{%- endfor %}

{{ root }}/usr/local/bin/roster:
  file.managed:
    - source: {{ v.roster_binary | json }}
    - user: root
    - group: root
    - mode: '0755'
  cmd.run: # a program that does not run here must not be started
    - name: {{ root }}/usr/local/bin/roster version
    - onchanges:
      - file: {{ root }}/usr/local/bin/roster

{{ root }}/etc/roster/roster.env:
  file.managed:
    - contents: {{ salt['daily_roster.render']('roster', 'roster.env.j2') | json }}
    - user: root
    - group: root
    - mode: '0600'
    - show_changes: False # it has secrets

{{ root }}/etc/systemd/system/roster.service:
  file.managed:
    - contents: {{ salt['daily_roster.render']('roster', 'roster.service.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'

{%- if v.roster_manage_service %}
roster:
  service.running:
    - enable: True
    - require:
      - cmd: {{ root }}/usr/local/bin/roster
    - watch:
      - file: {{ root }}/usr/local/bin/roster
      - file: {{ root }}/etc/roster/roster.env
      - file: {{ root }}/etc/systemd/system/roster.service

# nginx of this host may be changed only when the program behind it serves again.
roster is ready:
  cmd.run:
    - name: |
        for second in $(seq {{ v.roster_ready_within }}); do
          curl -sf -o /dev/null http://{{ v.roster_listen }}/readyz && exit 0
          sleep 1
        done
        exit 1
    - onchanges:
      - service: roster
    - failhard: True
{%- endif %}
