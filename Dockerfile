# One image, several commands: router (the default), redis-rest, migrate, keys, ... (hosts/node/command.ts).
# A registry that can't be reached, or another base: --build-arg NODE_IMAGE=...
ARG NODE_IMAGE=node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
# The secret `ca` is for networks whose proxy signs with a certificate of its own; an ordinary build needs none.
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=secret,id=ca,required=false \
    if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
# Native code can't be bundled: the hasher's two packages go beside the bundles, and nothing else does.
RUN node --import tsx scripts/build.ts router --quiet \
 && mkdir -p dist/router/node_modules \
 && cp -R node_modules/@node-rs dist/router/node_modules/@node-rs \
 && find dist/router/node_modules -type f ! -name '*.js' ! -name '*.node' ! -name package.json ! -name 'LICENSE*' -delete \
 && cp package.json LICENSE dist/router/

FROM ${NODE_IMAGE}
ARG VERSION=0.0.0
ARG GIT_SHA=unknown
LABEL org.opencontainers.image.title="Blockbot" \
      org.opencontainers.image.description="The accounts-and-gateway core of a product API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${GIT_SHA}"
# Nobody installs anything in here, nor becomes anybody else.
RUN groupadd --gid 1001 blockbot \
 && useradd --uid 1001 --gid 1001 --no-create-home --no-log-init --shell /usr/sbin/nologin blockbot \
 && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 # A volume that is mounted here is blockbot's from the start; only development has one (docker-compose.yml).
 && install -d -o 1001 -g 1001 -m 0700 /data \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
WORKDIR /app
COPY --from=build /src/dist/router ./
# The heap that docs/benchmarks.md measured; a larger container may say otherwise. The allocator gives back what the start no longer
# needs, 4 MB of it, which by itself it keeps for each thread.
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-semi-space-size=16 --max-old-space-size=96" \
    MALLOC_ARENA_MAX=1 \
    MALLOC_TRIM_THRESHOLD_=65536 \
    PORT=3000 \
    RELEASE=${GIT_SHA}
USER 1001:1001
EXPOSE 3000
STOPSIGNAL SIGTERM
# Whether the process answers, and no more: what it depends on is the load balancer's question. A Node started for it cost 0.4 s of the
# router's own processor time, and on a busy host more than its time-out, which took away a router that worked. HTTP/1.0 needs
# no Host; 127.0.0.1, since localhost may be ::1 where nobody listens.
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --start-interval=1s --retries=4 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && echo \"$status\" && [ \"$status\" = 200 ]"]
ENTRYPOINT ["node", "/app/hosts/node/command.js"]
CMD ["router"]
