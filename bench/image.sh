#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `make bench-image`: what a disk image costs, held against its bounds: ratios of one run, as root and as an ordinary user. In the build folder.
. "$srcdir/tests/image/lab.sh"
lab_need
times=${BENCH_TIMES:-11}
who=root
[ "$(id -u)" = 0 ] || who=user

# judge WHAT MEASURED BOUND UNIT; a ratio is given as A/B.
judge() {
	awk -v who="$who" -v what="$1" -v measured="$2" -v bound="$3" -v unit="$4" 'BEGIN {
		if (split(measured, part, "/") == 2) measured = part[2] > 0 ? part[1] / part[2] : 0
		verdict = (measured > 0 && measured <= bound) ? "ok" : "OVER"
		printf "%-5s %-62s %10.2f <= %8.2f %-6s %s\n", who, what, measured, bound, unit, verdict
	}'
}
measure() { "$top_builddir/bench/sidebyside" -n "$times" "$@" >"$lab/last"; }
# got LABEL: the median, in ms; the work inside where the program measured that.
got() { awk -F '\t' -v label="$1" '$1 == label { print ($6 > 0 ? $6 : $2) }' "$lab/last"; }
apart() { awk -v all="$1" -v open="$2" -v times="$3" 'BEGIN { print all - open * times }'; }

# How often the daemon is started, so how often an image is opened.
openings() {
	strace -f -qq -e trace=execve -o "$lab/calls" "$program" --image "$images" --runs "$lab/runs" "$@" >/dev/null 2>&1 </dev/null
	grep -c 'qemu-storage-daemon.* = 0$' "$lab/calls"
}
opening() {
	measure open "$top_builddir/bench/imagecost" "$images" ';' info qemu-img info -f qcow2 "$images"
	open=$(got open)
	judge 'open and close two partitions, to qemu-img info' "$open/$(got info)" 40 times
	judge 'open and close two partitions' "$open" 150 ms
}
looking() {
	measure image sh -c '"$program" --image "$images" check >/dev/null || [ $? = 2 ]' ';' \
		disks sh -c '"$program" --disks "$partitions" check >/dev/null || [ $? = 2 ]'
	judge 'check, opening apart, to the same on partition files' "$(apart "$(got image)" "$open" 1)/$(got disks)" 1.5 times
}
repairing() {
	"$program" --disks "$partitions" --runs "$lab/runs" plan --output "$lab/plan" >/dev/null
	sed 's/"decision": "undecided"/"decision": "change"/' "$lab/plan" >"$lab/plan.disks"
	planned
	sh "$lab/again.sh"
	opened=3
	if [ $who = root ]; then opened=$(openings apply --plan "$lab/plan.decided" --operator Bench --yes); fi
	sh "$lab/again.sh"
	measure -b "sh '$lab/again.sh'" \
		image sh -c '"$program" --image "$images" --runs "$lab/runs" apply --plan "$lab/plan.decided" --operator Bench --yes >/dev/null || [ $? = 3 ]' ';' \
		disks sh -c '"$program" --disks "$partitions" --runs "$lab/runs.disks" apply --plan "$lab/plan.disks" --operator Bench --yes >/dev/null'
	bound=5
	[ $who = user ] || bound=2
	judge "apply, $opened openings apart, to the same on partition files" "$(apart "$(got image)" "$open" "$opened")/$(got disks)" $bound times
}
# The most that all processes had together while a repair was written, and what it wrote.
memory() {
	sh "$lab/again.sh"
	"$program" --image "$images" --runs "$lab/runs" apply --plan "$lab/plan.decided" --operator Bench --yes >/dev/null 2>&1 </dev/null &
	session=$!
	most=0
	while kill -0 $session 2>/dev/null; do
		all=0
		for pid in $(below $session | cut -d ' ' -f 1); do all=$((all + $(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0) + 0)); done
		[ $all -le $most ] || most=$all
	done
	wait $session
	judge 'all processes of an apply, resident' "$most/1024" 64 MiB
	overlay=$(find "$folder" -name '*.q240208-*')
	qemu-img convert -f qcow2 -O raw "$overlay" "$lab/overlay.raw"
	changed=$(($(sectors "$lab/one.raw" "$lab/overlay.raw") * 512))
	judge "overlay, $changed bytes changed, to 3 times those and 1 MiB" "$(stat -c %s "$overlay")/$((3 * changed + 1048576))" 1 times
}

if [ -n "$lab_again" ]; then cp -r --sparse=always "$lab_again/parts/." "$lab/parts/"; else
	lab_server standard && lab_kept mounted one && lab_parts
	printf '%s, %s processors, %s, %s rounds, in %s\n' "$(uname -sr)" "$(nproc)" "$(qemu-img --version | head -n 1)" "$times" "$(stat -f -c %T "$lab")"
fi
folder=$lab/vm images=$lab/vm/image partitions="C=$lab/d/C,E=$lab/d/E"
export program images partitions folder lab
mkdir "$folder"
lab_disk one "$lab/one.raw" && lab_image qcow2 "$lab/one.raw" "$images"
for letter in C E; do cp --sparse=always "$lab/parts/standard/$letter" "$lab/$letter.disks" && lab_mount "$lab/$letter.disks" "$lab/d/$letter"; done
# Before each repair, what the one before wrote is gone.
cat >"$lab/again.sh" <<'AGAIN'
rm -f "$folder"/*.q240208-*
rm -rf "$lab/runs"
if [ -d "$lab/runs.disks" ]; then "$program" --disks "$partitions" --runs "$lab/runs.disks" undo last --backups --operator Bench --yes; fi >/dev/null
rm -rf "$lab/runs.disks"
AGAIN
for part in opening looking repairing memory; do $part; done
if [ $who = root ]; then
	for letter in C E; do lab_umount "$lab/d/$letter"; done
	mkdir -p "$lab/again/bench" "$lab/again/tests/image"
	cp "$program" "$lab/again/"
	cp "$top_builddir/bench/imagecost" "$top_builddir/bench/sidebyside" "$lab/again/bench/"
	cp "$srcdir/bench/image.sh" "$srcdir/tests/image/lab.sh" "$lab/again/tests/image/"
	cp -r --sparse=always "$lab/parts" "$lab/again/"
	chown -R 65534:65534 "$lab/again"
	setpriv --reuid=65534 --regid=65534 --clear-groups env lab_again="$lab/again" srcdir="$lab/again" top_builddir="$lab/again" TMPDIR="$lab/again" HOME="$lab/again" \
		sh "$lab/again/tests/image/image.sh"
fi
