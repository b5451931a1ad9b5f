# The portal for one server, see docker-compose.yml: web, worker, beat and prepare run from this one image.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 gettext \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --home-dir /srv/ovop ovop

WORKDIR /srv/ovop
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt
COPY . .
RUN for po in $(find . -path './locale/*' -name '*.po'); do msgfmt --check-format -o "${po%.po}.mo" "$po"; done \
    && install -d -o ovop -g ovop /data && install -d -o ovop -g ovop -m 0700 /data/sockets

USER ovop
ENV OVOP_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "ovop_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--timeout", "60", \
     "--graceful-timeout", "20", "--max-requests", "5000", "--max-requests-jitter", "500", "--no-control-socket"]
