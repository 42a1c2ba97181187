# syntax=docker/dockerfile:1
# Both bases are pinned by digest; each digest is an index with amd64 and arm64. Mirrors and stand-ins: `--build-arg`.
ARG NODE_IMAGE=docker.io/library/node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a

# Nothing that is installed is native, so this stage may run on the builder's own platform.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run -s build && find dist -name '*.map' -delete
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && mkdir /state && chmod 0700 /state

# No shell, no package manager: Node.js, the C library and certificates.
FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="creance" \
      org.opencontainers.image.description="Falco output consumer and correlation engine for AI coding agents" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY package.json LICENSE ./
COPY proto proto
COPY rules rules
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/dist dist
COPY --from=build --chown=65532:65532 /state /var/lib/creance
# `store: file:` without a folder is $XDG_STATE_HOME/creance.
ENV NODE_ENV=production XDG_STATE_HOME=/var/lib
USER 65532:65532
EXPOSE 9376 2801
STOPSIGNAL SIGTERM
# Asks the address that the service listens on, whichever host it is bound to. Kubernetes has its own probes.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["/nodejs/bin/node", "-e", "const p=(process.env.CREANCE_SERVER_LISTEN??':9376').split(':').pop();fetch(`http://127.0.0.1:${p}/livez`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/main.js"]
CMD ["watch"]
