# One image for every command: `docker run trial-alerts serve`, `… worker`, `… migrate`.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /app
COPY requirements.lock ./
RUN /app/bin/pip install --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md ./
COPY service service
COPY workers workers
COPY email_templates email_templates
RUN /app/bin/pip install --no-deps .

FROM python:3.13-slim
COPY --from=build /app /app
RUN useradd --system --uid 10001 --no-create-home alerts
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 ALERTS_DATA=/tmp/alerts ALERTS_LOG_FORMAT=json
USER 10001
WORKDIR /tmp
EXPOSE 8000
ENTRYPOINT ["trial-alerts"]
CMD ["serve", "--host", "0.0.0.0"]
