"""The wiring of the portal: settings, addresses, WSGI."""

#: Of the portal, as CHANGELOG.md counts it.
__version__ = "1.2.0"
