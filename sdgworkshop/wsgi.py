"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdgworkshop.settings")
application = get_wsgi_application()

# What was loaded to start is there to stay: the collector need not look at it again and again, nor run so often.
gc.freeze()
gc.set_threshold(50_000, 20, 20)
