# The same program as everywhere, with its dependencies in the image: it starts without a network.
FROM denoland/deno:alpine-2.9.6

WORKDIR /app
ENV DENO_DIR=/app/.deno \
  DENO_NO_UPDATE_CHECK=1 \
  KV_URL=/data/kv.sqlite3
RUN mkdir /data && chown deno:deno /app /data

USER deno
# .dockerignore lets in what the program is made of, and nothing else: a changed test builds no new image.
COPY --chown=deno:deno . .
RUN deno install --frozen --entrypoint main.ts

VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["deno", "run", "--allow-net", "--allow-env", "--allow-read", "tools/healthy.ts"]
CMD ["deno", "run", "--cached-only", "--allow-all", "main.ts"]
