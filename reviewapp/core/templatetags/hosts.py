"""What pages need to know of the host that they were asked for."""

from __future__ import annotations

import ipaddress

from django import template
from django.http.request import split_domain_port

register = template.Library()


@register.filter
def is_number(host: str) -> bool:
    """Whether the host is a network address, such as 127.0.0.1:8000. Browsers bind
    passkeys to names and refuse them there."""
    domain = split_domain_port(host)[0].strip("[]")
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True


@register.filter
def by_name(host: str) -> str:
    """The same place under a name, for one's own machine; "" for others."""
    domain, port = split_domain_port(host)
    if domain not in {"127.0.0.1", "[::1]"}:
        return ""
    return f"localhost:{port}" if port else "localhost"
