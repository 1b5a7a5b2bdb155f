# One image for every command: `docker run trial-alerts serve`, `… worker`, `… migrate`.
# To build the same image again later, name both bases by digest: --build-arg PYTHON=python:3.13-slim@sha256:…
ARG PYTHON=python:3.13-slim
ARG BUILDER=python:3.13

FROM ${BUILDER} AS build
# Reproducible: packages by hash, no caches, one time for every file, bytecode that does not hold one.
ARG SOURCE_DATE_EPOCH=1764547200
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1 \
    SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}
WORKDIR /build
COPY requirements.lock requirements-build.lock ./
RUN python -m venv --without-pip /app \
 && python -m venv tools \
 && tools/bin/pip install --quiet --require-hashes --no-deps -r requirements-build.lock \
 && tools/bin/pip --python /app/bin/python install --require-hashes --no-deps --no-compile -r requirements.lock
COPY pyproject.toml README.md ./
COPY service service
COPY workers workers
COPY email_templates email_templates
COPY docs/deploy/slim.py ./
RUN tools/bin/python -m hatchling build -t wheel -d wheels \
 && tools/bin/pip --python /app/bin/python install --no-deps --no-index --no-compile wheels/*.whl \
 && /app/bin/python slim.py /app \
 && find /app -name '*.so' -not -path '*.libs/*' -exec strip --strip-debug {} + \
 && /app/bin/python -m compileall -q --invalidation-mode unchecked-hash /app/lib \
 && find /app -exec touch --no-dereference --date=@${SOURCE_DATE_EPOCH} {} +

FROM ${PYTHON}
COPY --from=build /app /app
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin alerts && install -d -o 10001 -g 10001 /config
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ALERTS_DATA=/tmp/alerts ALERTS_LOG_FORMAT=json
USER 10001
# Commands read the file .env here, which `trial-alerts init /config` writes.
WORKDIR /config
EXPOSE 8000
ENTRYPOINT ["trial-alerts"]
CMD ["serve", "--host", "0.0.0.0"]
