"""What the states of Daily Roster are made of: the variables and the templates of the Ansible roles.

The roles (infra/roles) say what variables there are, what type each has, and what its default is, and
have the templates. The pillar says what the hosts are and what their variables are, in the same words
as an Ansible inventory:

    daily_roster:
      hosts:
        front:                       # a group
          front1: {address: 192.168.64.22, preferred: true}
      vars:                          # of all hosts
        roster_zone: Europe/Berlin
        nginx_apps: "{{ groups['front'] | map('extract', hostvars, 'address') | list }}"

A value may be an expression of Jinja2 over others. A minion is the host that has its id.
"""

import difflib
import os.path
import re

import jinja2
import jinja2.meta

import salt.utils.yaml
from salt.exceptions import CommandExecutionError

__virtualname__ = "daily_roster"

# The roles of each group of hosts, in the order in which a host gets them.
_ROLES = {
    "database": ["aerospike"],
    "front": ["roster", "nginx", "keepalived"],
    "edge": ["haproxy"],
}

# One expression and nothing else, whose value keeps its type.
_SINGLE = re.compile(r"^\{\{((?:(?!\}\}|\{\{).)*)\}\}\s*$", re.DOTALL)


def __virtual__():
    return __virtualname__


def roles():
    """The roles of this minion. One that is in no group has none."""
    site = _site()
    mine = []
    for group, names in _ROLES.items():
        if _id() in (site["hosts"].get(group) or {}):
            mine += [r for r in names if r != "keepalived" or not site["hosts"].get("edge")]
    return mine


def topology():
    """The hosts of each group with their addresses, and the address that they share."""
    site = _site()
    values = _Values(site, "", site["vars"])
    return {
        "hosts": dict(
            (group, dict((name, h["address"]) for name, h in (hosts or {}).items())) for group, hosts in site["hosts"].items()
        ),
        "virtual_ip": values["virtual_ip"],
        "network_prefix": values["network_prefix"],
    }


def variables(role):
    """All variables of a role for this minion, checked against what the role says of them."""
    site = _site()
    _refuse_unknown(site)
    options = _options(role)
    said = dict(_yaml(role, "defaults/main.yml"))
    said.update(_said(site, _id()))
    values = _Values(site, _id(), said)
    result = {}
    for name, option in options.items():
        if name not in said:
            raise CommandExecutionError("{} is missing: {}".format(name, option["description"]))
        result[name] = values[name]
        _check(name, option, result[name])
    return result


def render(role, template):
    """A template of a role as Ansible would write it."""
    text = _text("salt://roles/{}/templates/{}".format(role, template))
    known = variables(role)
    known["inventory_hostname"] = _id()
    try:
        return _environment().from_string(text).render(known)
    except jinja2.exceptions.TemplateError as e:
        raise CommandExecutionError("{} of {}: {}".format(template, role, e))


def _id():
    return __grains__["id"]


def _site():
    site = __pillar__.get("daily_roster") or {}  # pillar.get masks what it gives, but for templates
    if not site.get("hosts"):
        raise CommandExecutionError("the pillar has no daily_roster:hosts; infra/salt/pillar has an example")
    for key in site:
        if key not in ("hosts", "vars"):
            raise CommandExecutionError("daily_roster:{} in the pillar means nothing: there are hosts and vars".format(key))
    for group in site["hosts"]:
        if group not in _ROLES:
            raise CommandExecutionError(
                "daily_roster:hosts:{} in the pillar is no group: there are {}".format(group, ", ".join(_ROLES))
            )
    return {"hosts": site["hosts"], "vars": site.get("vars") or {}}


def _said(site, host):
    """What the pillar says of a host's variables, its own before those of all."""
    said = dict(site["vars"])
    for hosts in site["hosts"].values():
        said.update((hosts or {}).get(host) or {})
    return said


def _text(url):
    text = __salt__["cp.get_file_str"](url)
    if text is False or text is None:
        raise CommandExecutionError("{} is not there: the folder infra must be one of file_roots".format(url))
    return text


def _yaml(role, path):
    return salt.utils.yaml.safe_load(_text("salt://roles/{}/{}".format(role, path))) or {}


def _options(role):
    return _yaml(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]


def _refuse_unknown(site):
    """A variable that no role has and that no other is made of is most likely misspelt."""
    known = set()
    for names in _ROLES.values():
        for role in names:
            known.update(_options(role))
    said = {}
    for hosts in site["hosts"].values():
        for host in hosts or {}:
            said.update(_said(site, host))
    parse = _environment().parse
    for value in list(said.values()):
        if isinstance(value, str) and "{{" in value:
            known.update(jinja2.meta.find_undeclared_variables(parse(value)))
            known.update(re.findall(r"'(\w+)'", value))  # map('extract', hostvars, 'address')
    for name in said:
        if name not in known:
            like = difflib.get_close_matches(name, known, 1)
            raise CommandExecutionError(
                "the pillar has {}, which no role knows{}".format(name, "; is it {}?".format(like[0]) if like else "")
            )


def _check(name, option, value):
    kinds = {"str": str, "path": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
    kind = option.get("type", "str")
    fits = isinstance(value, kinds[kind])
    if kind in ("str", "path"):
        fits = not isinstance(value, (list, dict))
    elif kind in ("int", "float") and not isinstance(value, bool):
        try:
            kinds[kind](value)
            fits = True
        except (TypeError, ValueError):
            fits = False
    if not fits:
        raise CommandExecutionError("{} is {!r}, which is no {}".format(name, value, kind))
    choices = option.get("choices")
    if choices and value not in choices:
        raise CommandExecutionError("{} is {!r}, not one of {}".format(name, value, ", ".join(map(str, choices))))


class _Values(object):
    """The values of a host's variables, each worked out when it is asked for."""

    def __init__(self, site, host, said):
        self.site, self.host, self.said = site, host, said
        self.known, self.asked = {}, []

    def __getitem__(self, name):
        if name not in self.known:
            if name in self.asked:
                raise CommandExecutionError("{} is made of itself".format(name))
            self.asked.append(name)
            self.known[name] = self._value(self.said[name])
            self.asked.pop()
        return self.known[name]

    def _value(self, raw):
        if isinstance(raw, list):
            return [self._value(v) for v in raw]
        if isinstance(raw, dict):
            return dict((k, self._value(v)) for k, v in raw.items())
        if not isinstance(raw, str) or "{{" not in raw:
            return raw
        env = _environment()
        context = {
            "inventory_hostname": self.host,
            "groups": dict((g, list(hosts or {})) for g, hosts in self.site["hosts"].items()),
            "hostvars": dict((h, _said(self.site, h)) for hosts in self.site["hosts"].values() for h in hosts or {}),
        }
        for name in jinja2.meta.find_undeclared_variables(env.parse(raw)):
            if name in self.said:
                context[name] = self[name]
        try:
            single = _SINGLE.match(raw)
            if single:
                return env.compile_expression(single.group(1), undefined_to_none=False)(**context)
            return env.from_string(raw).render(context)
        except jinja2.exceptions.TemplateError as e:
            raise CommandExecutionError("{!r} in the pillar: {}".format(raw, e))


def _environment():
    """Jinja2 as Ansible sets it up, with those of its filters that the roles and inventories use."""
    env = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    env.filters.update(
        {
            "basename": os.path.basename,
            "bool": lambda v: v if isinstance(v, bool) else str(v).lower() in ("yes", "true", "on", "1"),
            "difference": lambda a, b: [v for v in a if v not in b],
            "dirname": os.path.dirname,
            "extract": lambda key, container, more=None: container[key] if more is None else container[key][more],
            "product": lambda a, b: [(x, y) for x in a for y in b],
        }
    )
    return env
