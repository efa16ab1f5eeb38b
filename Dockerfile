# The endpoint in one image; the store is a volume.
#   docker build -t uschina-kg .
#   docker run -v uschina-kg:/data uschina-kg kg load seeds
#   docker run -v uschina-kg:/data -p 8000:8000 uschina-kg
# Base images are named by digest, packages by hash; to renew the base, take the digest of its newest tag.
FROM python:3.11-slim-bookworm@sha256:b18992999dbe963a45a8a4da40ac2b1975be1a776d939d098c647482bcad5cba AS build

WORKDIR /build
COPY requirements-build.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY kg kg
COPY ontology ontology
COPY shapes shapes
COPY queries queries
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.11-slim-bookworm@sha256:b18992999dbe963a45a8a4da40ac2b1975be1a776d939d098c647482bcad5cba

RUN useradd --system --create-home kg && mkdir /data && chown kg /data
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps --no-index /wheels/*.whl
COPY seeds seeds

USER kg
VOLUME /data
ENV KG_STORE=oxigraph:/data/store KG_LOG_FORMAT=json
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["kg", "serve", "--host", "0.0.0.0", "--port", "8000"]
