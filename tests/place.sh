# SPDX-License-Identifier: GPL-3.0-or-later
# Read before each test: where it makes its servers. Building and removing them is most of what the tests do, and in memory that takes a
# third of the time; so that is where they are, if there is room and TMPDIR does not say otherwise. DISK: for what needs a disk all the same.
DISK=${TMPDIR:-/tmp}
export DISK
if [ -z "$TMPDIR" ] && [ -w /dev/shm ] && ! grep -q '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts &&
	[ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 2000000 ] && [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt 4000000 ]; then
	TMPDIR=/dev/shm
	export TMPDIR
fi
# What make hives fetched.
if [ -z "${MSMCFIX_HIVES:-}" ] && [ -d hives ]; then
	MSMCFIX_HIVES=$(pwd)/hives
	export MSMCFIX_HIVES
fi
# The helpers that were built here.
if [ -z "${MSMCFIX_LIBEXECDIR:-}" ] && [ -d helpers ]; then
	MSMCFIX_LIBEXECDIR=$(pwd)/helpers
	export MSMCFIX_LIBEXECDIR
fi
