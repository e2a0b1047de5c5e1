# keepalived, as the role keepalived sets it up: one of the front hosts holds the virtual IP.
{%- set v = salt['daily_roster.variables']('keepalived') %}
{%- set root = v.keepalived_root %}

{%- if v.keepalived_install %}
keepalived package:
  pkg.installed:
    - name: keepalived
    - require_in:
      - file: {{ root }}/etc/keepalived/keepalived.conf
{%- endif %}

{%- for folder in ['/etc/keepalived', '/etc/systemd/system/keepalived.service.d'] %}
{{ root }}{{ folder }}:
  file.directory:
    - user: root
    - group: root
    - mode: '0755'
    - makedirs: True
{%- endfor %}

{{ root }}/etc/keepalived/keepalived.conf:
  file.managed:
    - contents: {{ salt['daily_roster.render']('keepalived', 'keepalived.conf.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'
    - check_cmd: keepalived --config-test -f

{{ root }}/etc/systemd/system/keepalived.service.d/edge.conf:
  file.managed:
    - contents: {{ salt['daily_roster.render']('keepalived', 'edge.conf.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'

{%- if v.keepalived_manage_service %}
# No restart: it would move the address, and these lines count when keepalived ends.
systemctl daemon-reload for keepalived:
  cmd.run:
    - name: systemctl daemon-reload
    - onchanges:
      - file: {{ root }}/etc/systemd/system/keepalived.service.d/edge.conf

keepalived:
  service.running:
    - enable: True
    - reload: True
    - watch:
      - file: {{ root }}/etc/keepalived/keepalived.conf
{%- endif %}
