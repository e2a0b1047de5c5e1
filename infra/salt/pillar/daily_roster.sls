#!yaml
# The reference installation, as ../../inventory/example has it for Ansible and in the same words. What
# differs from host to host stands with the host, whose name is the id of its minion; what all share
# stands in vars. A value in double braces is worked out from others when a host gets its files. Copy
# the folder, and put your addresses in.
daily_roster:
  hosts:
    front:
      front1:
        address: 192.168.64.22
        preferred: true # gets the virtual IP when both start at once
      front2:
        address: 192.168.64.23
    database:
      db1:
        address: 192.168.64.19
        aerospike_node_id: a1
      db2:
        address: 192.168.64.20
        aerospike_node_id: a2
      db3:
        address: 192.168.64.21
        aerospike_node_id: a3
    # A host with HAProxy holds the virtual IP where VRRP cannot, as in most clouds. Left
    # empty, the front hosts hold it by keepalived.
    edge: {}

  vars:
    virtual_ip: 192.168.64.100
    network_prefix: 24

    # Every host of a group, by its address.
    database_addresses: "{{ groups['database'] | map('extract', hostvars, 'address') | list }}"
    front_addresses: "{{ groups['front'] | map('extract', hostvars, 'address') | list }}"

    app_port: 8080
    aerospike_port: 3000
    aerospike_namespace: daily_roster
    aerospike_cluster_name: roster
    aerospike_address: "{{ address }}"
    aerospike_nodes: "{{ database_addresses }}"
    haproxy_servers: "{{ front_addresses | product([':80']) | map('join') | list }}"

    # The program, from the files of the states: copy bin/roster there.
    roster_binary: salt://bin/roster
    roster_listen: "{{ address }}:{{ app_port }}"
    roster_store: "aerospike://{{ database_addresses | product([':' ~ aerospike_port]) | map('join') | join(',') }}/{{ aerospike_namespace }}?cluster={{ aerospike_cluster_name }}"
    roster_zone: Europe/Berlin
    # What people call it, such as [roster.example.org]: requests for other names are refused. The
    # virtual IP needs no mention.
    roster_hosts: []
    # With none, whoever reaches the page may edit. Before others can reach it, say oidc or proxy, and
    # what goes with it (docs/sign-in.md).
    roster_sign_in: none
    roster_trust_proxies: "{{ front_addresses }}"
    # With proxy, the program hears who it is from nginx, and nginx from the proxies named below.
    roster_proxy_from: "{{ front_addresses }}"

    nginx_apps: "{{ front_addresses | product([':' ~ app_port]) | map('join') | list }}"
    # Both or neither: with a certificate the page is served by HTTPS, and HTTP sends there.
    nginx_tls_certificate: ""
    nginx_tls_key: ""
    nginx_trusted_proxies: "{{ groups['edge'] | default([]) | map('extract', hostvars, 'address') | list }}"
    # Proxies further out at which people sign in (roster_sign_in: proxy).
    nginx_identity_from: []

    keepalived_virtual_ip: "{{ virtual_ip }}/{{ network_prefix }}"
    keepalived_address: "{{ address }}"
    keepalived_peers: "{{ front_addresses | difference([address]) }}"
    keepalived_priority: "{{ 110 if preferred | default(false) else 100 }}"
