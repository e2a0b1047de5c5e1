# HAProxy in the place of keepalived, as the role haproxy sets it up.
{%- set v = salt['daily_roster.variables']('haproxy') %}
{%- set root = v.haproxy_root %}

{%- if v.haproxy_install %}
haproxy package:
  pkg.installed:
    - name: haproxy
    - require_in:
      - file: {{ root }}/etc/haproxy/haproxy.cfg
{%- endif %}

{{ root }}/etc/haproxy:
  file.directory:
    - user: root
    - group: root
    - mode: '0755'
    - makedirs: True

{{ root }}/etc/haproxy/haproxy.cfg:
  file.managed:
    - contents: {{ salt['daily_roster.render']('haproxy', 'haproxy.cfg.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'
    - check_cmd: haproxy -c -q -f

{%- if v.haproxy_manage_service %}
haproxy:
  service.running:
    - enable: True
    - reload: True
    - watch:
      - file: {{ root }}/etc/haproxy/haproxy.cfg
{%- endif %}
