# Every image from source. One platform, with BuildKit:
#
#     docker build --target pause --tag pause .
#
# Tested by: images::dockerfile_gives_images_that_run
#
# All of them:
#
#     docker buildx build --target pause --tag registry.example/pause --push \
#         --platform linux/amd64,linux/386,linux/arm64,linux/arm/v7,linux/riscv64 .
#
# Needs: a registry
#
# tini tells the commit that it was built from, which only you know here:
#
#     docker build --build-arg MOTE_COMMIT=$(git rev-parse HEAD) --target tini --tag tini .
#
# Tested by: images::dockerfile_gives_the_files_of_dist
#
# BASE may be any image with Rust, a C linker, and a toolchain for `cargo xtask dist`. The files are those
# of `cargo xtask dist` with the same compiler and linker, byte for byte.
ARG BASE=docker.io/library/rust:1.96-slim

# On the platform that builds, whatever is built for: nothing is emulated.
FROM --platform=$BUILDPLATFORM $BASE AS build
WORKDIR /mote
COPY . .
# Once for all platforms.
RUN cargo build --quiet --locked --package xtask
ARG TARGETPLATFORM
# The repository is not among what is copied.
ARG MOTE_COMMIT
RUN cargo xtask dist --platform "$TARGETPLATFORM"

FROM scratch AS hello
ARG TARGETPLATFORM
COPY --from=build /mote/dist/$TARGETPLATFORM/hello /hello
USER 65535:65535
ENTRYPOINT ["/hello"]

FROM scratch AS pause
ARG TARGETPLATFORM
COPY --from=build /mote/dist/$TARGETPLATFORM/pause /pause
USER 65535:65535
ENTRYPOINT ["/pause"]

# This one and those below are to be copied into other images: `COPY --from=pid1 /pid1 /pid1`.
FROM scratch AS pid1
ARG TARGETPLATFORM
COPY --from=build /mote/dist/$TARGETPLATFORM/pid1 /pid1
ENTRYPOINT ["/pid1"]

FROM scratch AS tini
ARG TARGETPLATFORM
COPY --from=build /mote/dist/$TARGETPLATFORM/tini /tini
ENTRYPOINT ["/tini"]

FROM scratch AS dumb-init
ARG TARGETPLATFORM
COPY --from=build /mote/dist/$TARGETPLATFORM/dumb-init /dumb-init
ENTRYPOINT ["/dumb-init"]

FROM scratch AS catatonit
ARG TARGETPLATFORM
COPY --from=build /mote/dist/$TARGETPLATFORM/catatonit /catatonit
ENTRYPOINT ["/catatonit"]
