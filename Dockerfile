# The endpoint in one image; the store is a volume.
#   docker build -t uschina-kg .
#   docker run -v uschina-kg:/data uschina-kg kg load seeds
#   docker run -v uschina-kg:/data -p 8000:8000 uschina-kg
FROM python:3.11-slim

RUN useradd --system --create-home kg && mkdir /data && chown kg /data
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY kg kg
COPY ontology ontology
COPY shapes shapes
COPY queries queries
COPY seeds seeds
RUN pip install --no-cache-dir --no-deps .

USER kg
VOLUME /data
ENV KG_STORE=oxigraph:/data/store KG_LOG_FORMAT=json KG_RATE_LIMIT=20
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["kg", "serve", "--host", "0.0.0.0", "--port", "8000"]
