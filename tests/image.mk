# A server inside disk images.
# Images made on the spot, and the whole program on them.
EXTRA_DIST += tests/image/lab.sh
