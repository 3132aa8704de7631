# Bastion from its sources. The result holds a Java runtime, the jars and an OpenSSH client for keys and health checks.
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /source
COPY pom.xml ./
COPY audit-store audit-store
COPY menu menu
COPY bastion-server bastion-server
RUN mvn -q -B -DskipTests -Dspotless.check.skip=true package \
    && mkdir /installed \
    && cp bastion-server/target/lib/*.jar bastion-server/target/bastion-server-*.jar /installed/

FROM eclipse-temurin:25-jre
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends openssh-client netcat-openbsd \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10022 bastion \
    && useradd --system --uid 10022 --gid bastion --home-dir /data --shell /usr/sbin/nologin bastion \
    && install -d -o bastion -g bastion -m 0700 /data \
    && install -d -o bastion -g bastion /run/keys
COPY --from=build /installed/ /opt/bastion/lib/
COPY bastion bastion-verify docker/start /opt/bastion/
USER bastion
WORKDIR /data
VOLUME /data
EXPOSE 2222
# A server that listens says its version first; one that hangs does not.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD nc -w 1 127.0.0.1 2222 </dev/null | head -c 8 | grep -q '^SSH-2.0-' || exit 1
ENTRYPOINT ["/opt/bastion/bastion"]
CMD ["serve", "--data", "/data/bastion", "--listen", "0.0.0.0:2222"]
