# A node of the Aerospike cluster, as the role aerospike sets it up; the notes are there. Apply it to one
# host at a time (salt --batch-size 1): it waits until the cluster is whole again.
{%- set v = salt['daily_roster.variables']('aerospike') %}
{%- set root = v.aerospike_root %}

{%- if v.aerospike_connect_timeout * 3 > v.aerospike_heartbeat_interval * v.aerospike_heartbeat_timeout
    or v.aerospike_address not in v.aerospike_nodes or v.aerospike_nodes | length > 8 %}
{{ raise('aerospike: the connect timeout is at most a third of heartbeat interval times timeout; the address is one of the nodes; there are at most 8') }}
{%- endif %}

{%- if v.aerospike_package %}
aerospike package:
  pkg.installed:
    - sources:
      - aerospike-server-community: {{ v.aerospike_package }}
{%- endif %}

{%- for folder in ['/etc/aerospike', '/etc/systemd/system/aerospike.service.d'] %}
{{ root }}{{ folder }}:
  file.directory:
    - user: root
    - group: root
    - mode: '0755'
    - makedirs: True
{%- endfor %}

{%- for folder in ['', '/data', '/smd', '/usr', '/usr/udf', '/usr/udf/lua'] %}
{{ root }}/opt/aerospike{{ folder }}:
  file.directory:
    - user: {{ v.aerospike_user }}
    - group: {{ v.aerospike_user }}
    - mode: '0755'
    - makedirs: True
{%- endfor %}

{{ root }}/var/log/aerospike:
  file.directory:
    - user: {{ v.aerospike_user }}
    - group: {{ v.aerospike_user }}
    - mode: '0755'
    - makedirs: True

{{ root }}/etc/aerospike/aerospike.conf:
  file.managed:
    - contents: {{ salt['daily_roster.render']('aerospike', 'aerospike.conf.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'
    - backup: minion

{{ root }}/etc/systemd/system/aerospike.service.d/restart.conf:
  file.managed:
    - contents: {{ salt['daily_roster.render']('aerospike', 'restart.conf.j2') | json }}
    - user: root
    - group: root
    - mode: '0644'

{%- if v.aerospike_manage_service %}
{%- set ask = 'asinfo -h ' ~ v.aerospike_address ~ ' -p ' ~ v.aerospike_port ~ ' -v ' %}
aerospike:
  service.running:
    - enable: True
    - watch:
      - file: {{ root }}/etc/aerospike/aerospike.conf
      - file: {{ root }}/etc/systemd/system/aerospike.service.d/restart.conf

the node answers and its cluster is whole:
  cmd.run:
    - name: |
        for second in $(seq {{ v.aerospike_stable_within }}); do
          {{ ask }} 'cluster-stable:size={{ v.aerospike_nodes | length }};ignore-migrations=false' | grep -q -i '^[0-9a-f]*$' && exit 0
          sleep 1
        done
        exit 1
    - onchanges:
      - service: aerospike
{%- endif %}
