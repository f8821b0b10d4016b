# Debian: musl's small thread stacks crash libcst. 3.14: the newest Python for which every locked
# package has a wheel, since a pull request may use syntax that an older one can't read.
ARG BASE=python:3.14-slim-trixie

FROM ${BASE} AS build
WORKDIR /build
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/build.lock \
    && python -m venv --without-pip /opt/cdk-medic \
    && uv pip install --no-cache --python /opt/cdk-medic/bin/python --compile-bytecode \
        --only-binary :all: --require-hashes -r requirements/bot.lock
COPY pyproject.toml README.md LICENSE ./
COPY codemods codemods
COPY bot bot
COPY webhooks webhooks
COPY sandbox sandbox
COPY examples examples
RUN hatchling build -t wheel -d dist \
    && uv pip install --no-cache --python /opt/cdk-medic/bin/python --compile-bytecode \
        --no-deps dist/*.whl

FROM ${BASE}
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/cdk-medic cdk-medic
COPY --from=build /opt/cdk-medic /opt/cdk-medic
ENV PATH=/opt/cdk-medic/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CDK_MEDIC_HOST=0.0.0.0 \
    CDK_MEDIC_PORT=8000 \
    CDK_MEDIC_DATA_DIR=/var/lib/cdk-medic
USER 10001
WORKDIR /var/lib/cdk-medic
VOLUME /var/lib/cdk-medic
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s CMD ["python", "-c", \
    "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['CDK_MEDIC_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["cdk-medic-bot"]
CMD ["serve"]
