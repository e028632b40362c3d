# The image of jobs/schedules/cronjob.yaml: docker build -t tieout:0.1.0 .
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# Without the sandbox: what runs against the services serves none itself.
RUN cargo build --release --locked --no-default-features --bin tieout

# The C library and certificates; nothing of it runs but the program.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/tieout /usr/local/bin/tieout
USER 65532:65532
WORKDIR /srv/tieout
ENTRYPOINT ["/usr/local/bin/tieout"]
