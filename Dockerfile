# Gatehouse in a container: docs/operations/deployment.md says how to run it.

FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY deploy/prune-modules.mjs ./deploy/
RUN npm ci --omit=dev --ignore-scripts && node deploy/prune-modules.mjs node_modules

FROM node:22-bookworm-slim
# Debian's ffmpeg gets Debian's security updates and knows VA-API; tini passes signals on and reaps.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ffmpeg tini \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 gatehouse \
  && useradd --uid 10001 --gid gatehouse --no-create-home --home-dir /data --shell /usr/sbin/nologin gatehouse \
  && install --directory --owner=gatehouse --group=gatehouse --mode=0700 /data \
  && install --directory --owner=gatehouse --group=gatehouse --mode=0750 /config

WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE ./
COPY deploy/healthcheck.mjs ./deploy/

# Two arenas of malloc instead of one a thread: 40 MiB less.
ENV NODE_ENV=production GATEHOUSE_DATA=/data MALLOC_ARENA_MAX=2
USER 10001:10001
VOLUME ["/data", "/config"]
EXPOSE 8080
# A camera that is away is no reason to start the server anew: it only has to answer.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/deploy/healthcheck.mjs", "8080"]
ENTRYPOINT ["tini", "--", "node", "/app/dist/server/main.js", "--config", "/config/streams.config.json"]
CMD ["start", "--host", "0.0.0.0", "--port", "8080"]
