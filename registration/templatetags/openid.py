"""Whether there is a provider that signs people in, and what it is called."""

from django import template

from registration.security.openid import provider_name

register = template.Library()

register.simple_tag(provider_name, name="openid_name")
