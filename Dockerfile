# wisp alone, for production. The server's sources run as they are; the pages are built, and the command line is put into one file.
FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build-aside.ts scripts/build-pages.ts scripts/build-sdk.ts scripts/build-commands.ts ./scripts/
COPY bin ./bin
COPY web ./web
# The site for developers shows what the server declares, and the examples.
COPY server ./server
COPY sdk ./sdk
COPY examples ./examples
# What only builds the pages and the SDK goes when they are built. The image brings its own node: the npm package of that name, whose
# script loads one, serves machines without.
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/.cache && ln -sf "$(command -v node)" node_modules/.bin/node

FROM node:26-slim
ENV NODE_ENV=production WISP_HOST=0.0.0.0 WISP_PORT=3000 WISP_DATA_DIR=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build /app/node_modules ./node_modules
COPY package.json package-lock.json LICENSE ./
COPY bin ./bin
COPY server ./server
COPY --from=build /app/sdk ./sdk
COPY --from=build /app/web/dist ./web/dist
COPY --from=build /app/dist ./dist
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WISP_PORT}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "server/main.ts"]
