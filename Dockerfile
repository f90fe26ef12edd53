# The portal in a container: docker compose -f deploy/compose.yml up. Nothing is written but to /var/lib/portal and /tmp.
FROM python:3.13-slim-bookworm AS build
WORKDIR /opt/portal
ENV PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements.txt requirements-browser.txt bin/setup ./
RUN python -m venv .venv && .venv/bin/python -m pip install --require-hashes --requirement requirements.txt && \
    .venv/bin/python -m pip install --require-hashes --no-deps --requirement requirements-browser.txt
COPY . .
RUN VAR_DIR=/tmp/build .venv/bin/python bin/build && chmod -R a+rX .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/portal --create-home portal
COPY --from=build /opt/portal /opt/portal
WORKDIR /opt/portal
ENV HOST=0.0.0.0 PORT=8000 VAR_DIR=/var/lib/portal ENVIRONMENT=production PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# By number: an orchestrator can tell that it is not root
USER 10001
VOLUME /var/lib/portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD [".venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD [".venv/bin/python", "-m", "gunicorn", "sdgworkshop.wsgi"]
