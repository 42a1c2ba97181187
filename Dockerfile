# syntax=docker/dockerfile:1
# Both bases are pinned by digest; each digest is an index with amd64 and arm64. Mirrors and stand-ins: `--build-arg`.
# Two builds of one commit are the same, bit for bit, once times are: docs/install.md says how.
ARG NODE_IMAGE=docker.io/library/node:26.10.0-bookworm-slim@sha256:662933cf47f013bc8e4beb31a6116448427a82057ba7c42c97e4c5ba766504c2
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs26-debian13:nonroot@sha256:afc6657a4b662f9cb69ca892b0596e55d6ef81a10e83ee8887b13f602877df89

# Nothing that is installed is native, so this stage may run on the builder's own platform.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run -s build -- --sourceMap false
# What only compilers and debuggers read is half of the modules.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -exec rm {} + \
  && mkdir /state

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
