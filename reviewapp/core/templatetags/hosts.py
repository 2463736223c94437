"""Template filters about the host of the request."""

from __future__ import annotations

import ipaddress

from django import template
from django.http.request import split_domain_port

register = template.Library()


@register.filter
def is_number(host: str) -> bool:
    """Return True if the host is a network address, such as 127.0.0.1:8000.

    Browsers bind passkeys to host names and refuse them for network addresses.
    """
    domain = split_domain_port(host)[0].strip("[]")
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True


@register.filter
def by_name(host: str) -> str:
    """Return this machine's address with a host name instead; "" for other machines."""
    domain, port = split_domain_port(host)
    if domain not in {"127.0.0.1", "[::1]"}:
        return ""
    return f"localhost:{port}" if port else "localhost"
