# nginx, as the role nginx sets it up.
{%- set v = salt['daily_roster.variables']('nginx') %}
{%- set root = v.nginx_root %}

{%- if (v.nginx_tls_certificate == '') != (v.nginx_tls_key == '') %}
{{ raise('nginx_tls_certificate and nginx_tls_key are given both or neither') }}
{%- endif %}

{%- if v.nginx_install %}
nginx-light:
  pkg.installed:
    - require_in:
      - file: {{ root }}/etc/nginx/nginx.conf
{%- endif %}

{%- for folder in ['/etc/nginx', '/etc/systemd/system/nginx.service.d', '/var/lib/nginx'] %}
{{ root }}{{ folder }}:
  file.directory:
    - user: root
    - group: root
    - mode: '0755'
    - makedirs: True
{%- endfor %}

{{ root }}/var/log/nginx:
  file.directory:
    - user: {{ v.nginx_user }}
    - group: root
    - mode: '0755'
    - makedirs: True

{%- if not v.nginx_manage_service %}
# What systemd makes on a host.
{{ root }}{{ salt['file.dirname'](v.nginx_status_file) }}:
  file.directory:
    - user: root
    - group: root
    - mode: '0755'
    - makedirs: True
    - require_in:
      - file: {{ root }}/etc/nginx/nginx.conf
{%- endif %}

# The whole of nginx.conf and not a part of it, so that it can be tried before it is put in place.
{{ root }}/etc/nginx/nginx.conf:
  file.managed:
    - contents: {{ salt['daily_roster.render']('nginx', 'nginx.conf.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'
    - check_cmd: nginx -t -q -c

{{ root }}/etc/systemd/system/nginx.service.d/edge.conf:
  file.managed:
    - contents: {{ salt['daily_roster.render']('nginx', 'edge.conf.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'

{%- if v.nginx_manage_service %}
systemctl restart nginx:
  cmd.run:
    - name: systemctl daemon-reload && systemctl restart nginx
    - onchanges:
      - file: {{ root }}/etc/systemd/system/nginx.service.d/edge.conf

nginx:
  service.running:
    - enable: True
    - reload: True
    - watch:
      - file: {{ root }}/etc/nginx/nginx.conf
{%- endif %}
