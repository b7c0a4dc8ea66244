# The lower the layer, the seldomer it changes. Python is the version that the tests run with.
FROM python:3.11-slim-bookworm AS build

WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock ./
RUN python -m venv /opt/portavoz
RUN /opt/portavoz/bin/pip install --require-hashes --requirement requirements.lock
COPY LICENSE README.md pyproject.toml ./
COPY bot bot
COPY handlers handlers
COPY prompts prompts
RUN /opt/portavoz/bin/pip install --no-deps --no-build-isolation .
# What builds and installs is not needed to run.
RUN /opt/portavoz/bin/pip uninstall --yes --quiet editables hatchling pathspec pluggy trove-classifiers \
    && /opt/portavoz/bin/pip check \
    && /opt/portavoz/bin/pip uninstall --yes --quiet setuptools pip


FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin portavoz \
    && install --directory --owner=portavoz --group=portavoz --mode=0700 /data
COPY --from=build /opt/portavoz /opt/portavoz
ENV PATH=/opt/portavoz/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORTAVOZ_DATA=/data \
    PORTAVOZ_HOST=0.0.0.0

# Everything that is written goes here: the root may be read-only.
VOLUME /data
EXPOSE 8600
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:%s/healthz' % (os.environ.get('PORTAVOZ_PORT') or os.environ.get('PORT') or 8600), timeout=4)"]
ENTRYPOINT ["portavoz"]
CMD ["run"]
