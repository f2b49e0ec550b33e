#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Whole repairs on real file systems whose power is cut at a call (ext4, as its disk is at that moment, through its journal) or at a write
# of the file system's own (ntfs-3g, killed there: for the program the disk is gone); then looked at anew, gone on with, and put back.
#   MATRIX_DISKS=n   points of each (default 40, evenly over the whole)
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
build=${top_builddir:-.}
case $build in /*) ;; *) build=$(pwd)/$build ;; esac
program=$build/msmcfix preload=$build/tests/cut_preload.so
points=${MATRIX_DISKS:-40}
[ -w /dev/shm ] && : "${TMPDIR:=/dev/shm}" && export TMPDIR
work=$(mktemp -d) || exit 1
daemon=
mounted() { grep -q " $work/m " /proc/self/mounts; }
unmount() {
	! mounted || umount "$work/m" 2>/dev/null || umount -l "$work/m"
	[ -z "$daemon" ] || wait "$daemon" 2>/dev/null
	daemon=
}
trap 'cd /; unmount; rm -rf "$work"' EXIT
mkdir "$work/m"
n=0
result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}
run() { "$program" "$@" --disks "C=$work/m/C,E=$work/m/E" --runs "$runs" >"$work/out" 2>"$work/err" </dev/null; }
apply() { run apply --plan "$work/plan.json" --operator cut --yes; }
# Names, bytes, modes, and times of files: what a new folder entry does to a folder after a power cut is the file system's own.
picture() {
	(cd "$work/m" && find C E -name '*.q240208-*' -prune -o -type f -exec sha256sum {} + -o -type d -print | sort -k 2)
}
# The registry files are compared by what they say; the rest byte for byte.
repaired() {
	picture | grep -v 'config/SYSTEM' | diff "$work/new" - >"$work/why" && for file in SYSTEM SYSTEM.ALT; do
		"$build/tests/regf_tool" diff "$work/$file" "$work/m/$config/$file" | grep . >>"$work/why" && return 1
	done
	return 0
}
original() { picture | diff "$work/old" - >"$work/why"; }
say() {
	printf '# %s: %s\n' "$1" "$(cat "$work/err" "$work/why" | head -n 8 | tr '\n' ' ')"
	failed=$((failed + 1))
}
config=C/WINNT/system32/config
"$program" train --build "$work/server" --scenario standard --seed 3 >/dev/null
rm -rf "$work"/server/*/exchsrvr/[Cc]*/[Mm]*/[Mm]*/[AM][TA][TI]/* "$work/server/C/WINNT/system32/drivers"

# prepare MOUNT: the server on the image, its plan, and what a whole repair makes of it.
prepare() {
	"$1" "$work/before" && cp -a "$work/server/C" "$work/server/E" "$work/m" || return 1
	mkdir "$work/m/runs"
	runs=$work/plan.runs
	picture >"$work/old"
	run plan --output "$work/plan.json"
	sed -i 's/"undecided"/"keep"/' "$work/plan.json"
	unmount
	cp --sparse=always "$work/before" "$work/image"
}
whole_end() {
	picture | grep -v 'config/SYSTEM' >"$work/new"
	cp "$work/m/$config/SYSTEM" "$work/m/$config/SYSTEM.ALT" "$work"
	unmount
}
at() { echo $((1 + ($1 - 1) * $2 / points)); }

# ---- ext4: the run folder is on the same disk ----
mount_ext4() { mount -o loop,noauto_da_alloc,commit=300,noatime "$1" "$work/m" 2>"$work/err"; }
ends_ext4() { # AT: the disk as it is now, unseen by the file system that is mounted
	cp --sparse=always "$work/image" "$work/crash"
	unmount
	for ending in resume undo; do
		cp --sparse=always "$work/crash" "$work/now"
		mount_ext4 "$work/now" || { say "ext4 at call $1: not mounted"; return; }
		runs=$work/m/runs
		: >"$work/why"
		if [ -z "$(ls "$runs")" ]; then
			original || say "ext4 at call $1, no run"
		else
			run $ending last --operator cut --yes
			code=$?
			if [ $ending = undo ] || [ $code = 1 ]; then original && [ $code -le 1 ]; else repaired && [ $code = 0 ]; fi ||
				say "ext4 at call $1, $ending: $code"
		fi
		unmount
	done
}
# A test that cannot fail proves nothing: a repair that syncs nothing must not survive its last call.
deaf_ext4() {
	cp --sparse=always "$work/before" "$work/image"
	mount_ext4 "$work/image"
	runs=$work/m/runs
	CUT_DEAF=all CUT_AT=$calls LD_PRELOAD=$preload apply
	kept=$failed
	ends_ext4 "$calls, without syncs (expected)"
	noticed=$((failed > kept)) failed=$kept
}
ext4() {
	truncate -s 24M "$work/before" && mkfs.ext4 -q -F "$work/before" 2>/dev/null && prepare mount_ext4 || return 1
	mount_ext4 "$work/image" || return 1
	runs=$work/m/runs
	CUT_COUNT=$work/count CUT_BOX=$work/m LD_PRELOAD=$preload apply || return 1
	whole_end
	calls=$(head -n 1 "$work/count") failed=0 i=1
	while [ $i -le "$points" ]; do
		cp --sparse=always "$work/before" "$work/image"
		mount_ext4 "$work/image"
		runs=$work/m/runs
		CUT_AT=$(at $i "$calls") LD_PRELOAD=$preload apply
		[ $? = 137 ] || say "ext4 at call $(at $i "$calls"): not killed"
		ends_ext4 "$(at $i "$calls")"
		i=$((i + 1))
	done
	deaf_ext4
	echo "table|ext4|repair|power cut|$calls|$points|$((2 * points))|$failed"
	return 0
}
if [ "$(id -u)" != 0 ] || ! command -v mkfs.ext4 >/dev/null || [ ! -e /dev/loop-control ]; then
	skip "ext4" "needs root, loop devices and mkfs.ext4"
elif ext4; then
	result "$failed" "ext4, power cut at $points of $calls calls, gone on with and put back"
	result "$((1 - noticed))" "ext4: syncs that do nothing are noticed"
else
	skip "ext4" "no such image can be mounted: $(head -n 1 "$work/err")"
fi
unmount

# ---- NTFS: the file system's process killed at its own writes ----
mount_ntfs() { # IMAGE [NAME=VALUE]...
	image=$1
	shift
	env "$@" ntfs-3g -o no_detach,noatime "$image" "$work/m" >"$work/log" 2>&1 &
	daemon=$!
	tries=0
	until mounted; do
		tries=$((tries + 1))
		if [ $tries -gt 400 ] || ! kill -0 $daemon 2>/dev/null; then return 1; fi
		sleep 0.05
	done
}
# A name of which the disk holds one half can be put right by Windows alone: what cannot be read is said, and no more is done.
left_to_chkdsk() { [ "$1" = 74 ] && tr -s '\n ' ' ' <"$work/err" | grep -q -e 'chkdsk /f' -e 'Input/output error'; }
ends_ntfs() { # AT
	cp -a "$work/runs" "$work/runs.then"
	for ending in resume undo; do
		rm -rf "$work/runs"
		cp -a "$work/runs.then" "$work/runs"
		cp --sparse=always "$work/image" "$work/now"
		# Between its table of files and the copy of that the file system cannot be mounted by itself.
		mount_ntfs "$work/now" || { unmount && fixed=$((fixed + 1)) && ntfsfix -d "$work/now" >/dev/null 2>&1 && mount_ntfs "$work/now"; } ||
			{ say "NTFS at write $1: not mounted: $(head -n 1 "$work/log")"; return; }
		: >"$work/why"
		if [ -z "$(ls "$runs")" ]; then
			original || say "NTFS at write $1, no run"
		else
			run $ending last --operator cut --yes
			code=$?
			if left_to_chkdsk $code; then chkdsk=$((chkdsk + 1))
			elif [ $ending = undo ] || [ $code = 1 ]; then original && [ $code -le 1 ]
			else repaired && [ $code = 0 ]; fi || say "NTFS at write $1, $ending: $code"
		fi
		unmount
	done
	rm -rf "$work/runs.then"
}
ntfs() {
	truncate -s 24M "$work/before" && mkntfs -F -Q "$work/before" >/dev/null 2>&1 && prepare mount_ntfs || return 1
	runs=$work/runs
	mkdir -p "$runs"
	mount_ntfs "$work/image" LD_PRELOAD="$preload" CUT_COUNT="$work/count" CUT_AT=0 || return 1
	apply || return 1
	whole_end
	calls=$(head -n 1 "$work/count") failed=0 i=1 chkdsk=0 fixed=0 ended=
	while [ $i -le "$points" ]; do
		number=$(at $i "$calls")
		rm -rf "$runs"
		mkdir "$runs"
		cp --sparse=always "$work/before" "$work/image"
		# Where the file system does not even come up there is nothing to be repaired yet.
		if mount_ntfs "$work/image" LD_PRELOAD="$preload" CUT_AT="$number"; then
			apply
			code=$?
			: >"$work/why"
			[ $code = 0 ] || { grep -q '^msmcfix: ' "$work/err" && [ $code -lt 128 ]; } || say "NTFS at write $number: ended with $code"
			ended="$ended $code"
		fi
		unmount
		ends_ntfs "$number"
		i=$((i + 1))
	done
	echo "# the program ended with: $(echo "$ended" | tr ' ' '\n' | grep . | sort -n | uniq -c | awk '{ printf "%s%s x %s", (NR > 1 ? ", " : ""), $2, $1 }'); $chkdsk endings left to chkdsk, $fixed after ntfsfix"
	echo "table|NTFS|repair|its process killed|$calls|$points|$((2 * points))|$failed"
	return 0
}
if [ "$(id -u)" != 0 ] || ! command -v ntfs-3g >/dev/null || ! command -v mkntfs >/dev/null || [ ! -c /dev/fuse ]; then
	skip "NTFS" "needs root, /dev/fuse, ntfs-3g and mkntfs"
elif ntfs; then
	result "$failed" "NTFS, its process killed at $points of $calls calls, gone on with and put back"
else
	skip "NTFS" "no such image can be mounted: $(head -n 1 "$work/log")"
fi
echo "1..$n"
