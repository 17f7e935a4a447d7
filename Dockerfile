# What runs in the container: the wheel and its locked dependencies, no compiler, no root.
FROM python:3.13-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/unclench
ENV PATH=/opt/unclench/bin:$PATH

# First what seldom changes. --only-binary: nothing is compiled here or anywhere.
COPY requirements-run.lock /build/
RUN pip install --compile --only-binary :all: --require-hashes -r /build/requirements-run.lock

COPY pyproject.toml README.md LICENSE /build/
COPY config /build/config
COPY devices /build/devices
COPY integration /build/integration
COPY journal /build/journal
COPY rules /build/rules
RUN pip wheel --no-deps --wheel-dir /wheels /build \
    && pip install --compile --no-deps /wheels/*.whl \
    && python -m integration.sbom /opt/unclench/sbom.json


FROM python:3.13-slim-bookworm

RUN groupadd --gid 10001 unclench \
    && useradd --uid 10001 --gid unclench --no-create-home --shell /usr/sbin/nologin unclench \
    && install -d -o unclench -g unclench -m 0700 /data \
    && install -d /config
COPY --from=build /opt/unclench /opt/unclench

# The process lives in UTC; the time zone of a person stands in the profile.
ENV PATH=/opt/unclench/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    TZ=UTC \
    UNCLENCH_CONFIG=/config \
    UNCLENCH_DATA=/data

USER 10001:10001
WORKDIR /tmp
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 CMD ["unclench", "health"]
ENTRYPOINT ["unclench"]
CMD ["run"]
