# The database of compose.yaml: Debian's PostgreSQL 17 with pg_auto_failover 2.2, and PgBouncer 1.24, as npm run soak tries them.
FROM debian:trixie-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends postgresql-common \
  && sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf \
  && apt-get install -y --no-install-recommends postgresql-17 postgresql-17-auto-failover pg-auto-failover-cli pgbouncer \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/data \
  && chown -R postgres:postgres /etc/pgbouncer
COPY database.sh /usr/local/bin/wisp-database
COPY pg_auto_failover-monitor.conf /etc/wisp/
USER postgres
ENV HOME=/var/lib/postgresql XDG_RUNTIME_DIR=/tmp
VOLUME /var/lib/postgresql
ENTRYPOINT ["sh", "/usr/local/bin/wisp-database"]
