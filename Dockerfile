# Quire in a container: docker build --tag quire . Everything it keeps is in the volume /data, and
# /backups is a place for another, that backups are put into.

FROM node:26-slim AS build
WORKDIR /quire
# What is fetched depends on these alone, and is fetched again only when they change.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx --yes pnpm@12 fetch
COPY . .
RUN npx --yes pnpm@12 install --offline --frozen-lockfile
RUN npx --yes pnpm@12 build

FROM node:26-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=1234 QUIRE_DATA=/data
COPY --from=build /quire/dist /quire
RUN ln -s /quire/quire.js /usr/local/bin/quire \
  && install --directory --owner=node --group=node --mode=700 /data /backups
USER node
VOLUME /data
EXPOSE 1234
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/quire/quire.js"]
CMD ["serve"]
