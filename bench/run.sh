#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `make bench`: medians side by side in one run, and the bounds they are held against. Run in the build folder.
set -eu
LC_ALL=C
export LC_ALL
times=${BENCH_TIMES:-11}
dir=$(mktemp -d "${BENCH_DIR:-$PWD}/bench-data.XXXXXX")
mounted=
clean() {
	for point in $mounted; do
		umount "$point" || sleep 1
	done
	rm -rf "$dir"
}
trap clean EXIT
trap 'exit 130' INT TERM
bench=$PWD/bench

# measure OPTION... LABEL PROGRAM ARGUMENT... [';' ...]: what sidebyside says is kept for rows and got.
measure() {
	"$bench/sidebyside" "$@" >"$dir/last"
}
# got LABEL FIELD: of what was measured last. whole: the median of the whole program; work: see below; peak: KiB.
got() {
	awk -F '\t' -v label="$1" -v field="$2" '$1 == label {
		print (field == "whole" ? $2 : field == "peak" ? $5 : $6 > 0 ? $6 : $2) }' "$dir/last"
}
# judge WHAT MEASURED BOUND UNIT: a line of the table at the end. A ratio is given as "A/B".
judge() {
	awk -v what="$1" -v measured="$2" -v bound="$3" -v unit="$4" 'BEGIN {
		if (split(measured, part, "/") == 2)
			measured = part[2] > 0 ? part[1] / part[2] : 0
		verdict = (measured > 0 && measured <= bound) ? "ok" : "OVER"
		printf "%-62s %10.2f %10.2f %-7s %s\n", what, measured, bound, unit, verdict
	}' >>"$dir/table"
}
# What is not here to be measured is no "ok".
unmeasured() {
	printf '%-62s %10s %10s %-7s %s\n' "$1" - "$2" "$3" "not measured: $4" >>"$dir/table"
}

# Prints what was measured last as rows. "Work" is the program's own measure where it makes one, else the whole of it;
# the ratio is that of the work to the work of the row named.
rows() {
	awk -F '\t' -v against="$1" '
		{ label[NR] = $1; ms[NR] = $2; least[NR] = $3; most[NR] = $4; peak[NR] = $5; work[NR] = $6 > 0 ? $6 : $2 }
		$1 == against { base = work[NR] }
		END {
			for (i = 1; i <= NR; i++)
				printf "  %-44s %9.2f %9.2f %9.2f %9.2f %8.1f %7.2f\n", label[i], ms[i], least[i], most[i], work[i],
					peak[i] / 1024, base ? work[i] / base : 0
		}' "$dir/last"
}
head_line() {
	printf '\n%-46s %9s %9s %9s %9s %8s %7s\n' "$1" 'median ms' least most work 'MiB' "$2"
}

printf '%s, %s processors, %s, %s on %s\n' "$(uname -sr)" "$(nproc)" "$(./msmcfix --version | head -n 1)" \
	"$times rounds" "$(stat -f -c %T "$dir")"


head_line 'Start-up' 'to true'
measure -n 201 'msmcfix --version' ./msmcfix --version ';' 'true' /bin/true
rows true
judge 'start-up of --version' "$(got 'msmcfix --version' whole)" 3 ms

# registry MEGABYTES
registry() {
	mkdir "$dir/c$1"
	"$bench/mkhive" "$dir/c$1" "$1"
	hive=$dir/c$1/WINNT/system32/config/SYSTEM
	bytes=$(stat -c %s "$hive")
	ours=$("$bench/regread" "$dir/c$1" | tail -n 1)
	theirs=$("$bench/hivexread" "$hive" | tail -n 1)
	[ "$ours" = "$theirs" ] || { echo "the readers differ: $ours / $theirs" >&2; exit 1; }
	head_line "Registry of check, SYSTEM of $((bytes / 1000)) kB" 'to hivex'
	set -- "$1" -n "$times" msmcfix "$bench/regread" "$dir/c$1" ';' 'libhivex alone' "$bench/hivexread" "$hive"
	! command -v hivexregedit >/dev/null ||
		set -- "$@" ';' hivexregedit hivexregedit --export "$hive" '\ControlSet001\Services'
	size=$1
	shift
	measure "$@"
	rows 'libhivex alone'
	echo "  both read: $ours"
	judge "registry of check, $size MB, to libhivex alone" "$(got msmcfix work)/$(got 'libhivex alone' work)" 1 times
	# Perl has no clock of its own here, so the whole of both.
	if command -v hivexregedit >/dev/null; then
		judge "registry of check, $size MB, to hivexregedit --export Services" \
			"$(got msmcfix whole)/$(got hivexregedit whole)" 0.33 times
	else
		unmeasured "registry of check, $size MB, to hivexregedit --export Services" 0.33 times 'no hivexregedit'
	fi
	judge "registry of check, $size MB, peak memory" "$(($(got msmcfix peak) * 1024))/1048576" \
		$((bytes / 1048576 + 16)) MiB
}
for size in 1 10 100; do
	registry $size
done

# A whole check of a server whose SYSTEM has 12 MB and 500 services more, as hivexregedit lists those services alone.
server=$dir/server
./msmcfix train --build "$server" --scenario standard --seed 5 >/dev/null
hive=$(find "$server" -name SYSTEM -type f)
"$bench/mkhive" -g "$hive" 12 500
if command -v hivexregedit >/dev/null; then
	export server
	head_line 'check, SYSTEM of 12 MB with 500 services' 'to hivex'
	measure -n "$times" 'msmcfix check' sh -c './msmcfix --disks "C=$server/C,E=$server/E" check >/dev/null || [ $? = 2 ]' \
		';' hivexregedit hivexregedit --export "$hive" '\ControlSet001\Services'
	rows hivexregedit
	judge 'check, 12 MB and 500 services, to hivexregedit --export Services' \
		"$(got 'msmcfix check' whole)/$(got hivexregedit whole)" 0.7 times
else
	unmeasured 'check, 12 MB and 500 services, to hivexregedit --export Services' 0.70 times 'no hivexregedit'
fi
if command -v strace >/dev/null; then
	strace -f -c -S name -o "$dir/calls" ./msmcfix --disks "C=$server/C,E=$server/E" check >/dev/null 2>&1 || [ $? = 2 ]
	judge 'check, 12 MB and 500 services: calls that look at a path' \
		"$(awk '$NF ~ /^(stat|lstat|fstat|statx|newfstatat|openat2)$/ { n += $4 } END { print n }' "$dir/calls")" 1000 calls
else
	unmeasured 'check, 12 MB and 500 services: calls that look at a path' 1000 calls 'no strace'
fi
# MSMCFIX_BEFORE: an earlier program, to be compared with.
if [ -n "${MSMCFIX_BEFORE:-}" ]; then
	./msmcfix train --build "$dir/standard" --scenario standard --seed 5 >/dev/null
	export standard="$dir/standard"
	head_line 'check, standard practice server' 'to before'
	measure -n "$times" now sh -c './msmcfix --practice="$standard" check >/dev/null || [ $? = 2 ]' \
		';' before sh -c '"$MSMCFIX_BEFORE" --practice="$standard" check >/dev/null || [ $? = 2 ]'
	rows before
	judge 'check, standard practice server, to the earlier program' "$(got now whole)/$(got before whole)" 1.3 times
fi

# make_tree WHERE: 2,000 files, 140 MB, in 20 folders.
make_tree() {
	mkdir -p "$1/tree"
	for folder in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
		mkdir "$1/tree/$folder"
		head -c 7000000 /dev/urandom | (cd "$1/tree/$folder" && split -b 70000 -a 2 - FILE)
	done
}

# copy_against NAME WHERE BOUND ROUNDS
copy_against() {
	make_tree "$2"
	head_line "Copy of 2,000 files, 140 MB, on $1" 'to cp'
	export E="$2"
	measure -n "$4" -b "rm -rf '$2/copy' '$2/cp'; sync -f '$2'" \
		'msmcfix: copy, SHA-256, sync, read back' "$bench/copytree" "$dir/c1" "$2" ';' \
		'cp -a, then sha256sum of both trees' sh -c \
		'cp -a "$E/tree" "$E/cp" && find "$E/tree" "$E/cp" -type f -print0 | xargs -0 sha256sum'
	rows 'cp -a, then sha256sum of both trees'
	judge "copy on $1, to cp -a and sha256sum" "$(got 'msmcfix: copy, SHA-256, sync, read back' whole)/$(
		got 'cp -a, then sha256sum of both trees' whole)" "$3" times
	judge "copy on $1, peak memory" "$(($(got 'msmcfix: copy, SHA-256, sync, read back' peak) * 1024))/1048576" 16 MiB
}

# An ext4 of its own, so that what other programs write is not synced with it; else the folder, if that lies on ext4.
mkdir "$dir/ext4"
truncate -s 1G "$dir/ext4.image"
if [ "$(id -u)" = 0 ] && mkfs.ext4 -q -F "$dir/ext4.image" 2>/dev/null && mount -o loop "$dir/ext4.image" "$dir/ext4" 2>/dev/null; then
	mounted="$mounted $dir/ext4"
	copy_against 'ext4, in an image' "$dir/ext4" 0.5 "$times"
elif [ "$(stat -f -c %T "$dir")" = ext2/ext3 ]; then
	copy_against ext4 "$dir/ext4" 0.5 "$times"
else
	unmeasured 'copy on ext4, to cp -a and sha256sum' 0.50 times "takes root and loop devices, or BENCH_DIR on ext4"
fi

if [ "$(id -u)" = 0 ] && [ -e /dev/fuse ] && command -v ntfs-3g >/dev/null && command -v mkntfs >/dev/null; then
	truncate -s 1G "$dir/ntfs.image"
	mkntfs -q -F -Q "$dir/ntfs.image" >/dev/null 2>&1
	mkdir "$dir/ntfs"
	ntfs-3g "$dir/ntfs.image" "$dir/ntfs" -o big_writes,windows_names
	mounted="$mounted $dir/ntfs"
	copy_against 'NTFS through ntfs-3g' "$dir/ntfs" 1 "$(((times + 1) / 2))"
else
	unmeasured 'copy on NTFS through ntfs-3g, to cp -a and sha256sum' 1.00 times 'takes root, /dev/fuse, ntfs-3g, mkntfs'
fi

hive=$dir/c1/WINNT/system32/config/SYSTEM
characters=$("$bench/edithive" "$hive" "$dir/edited")
judge "repair of SYSTEM: bytes that differ, $characters letters changed" "$(cmp -l "$hive" "$dir/edited" | wc -l)" \
	"$characters" bytes

# Step 5 on a practice server: 50,000 messages in the postoffice, a tracking log of 500 MB.
./msmcfix train --build "$dir/mail" --scenario standard --seed 5 >/dev/null
"$bench/mailcost" "$dir/mail" >"$dir/looks"
for part in look:200 log:50; do
	judge "$([ $part = look:200 ] && echo 'a look at 50,000 messages' || echo 'what is new in a tracking log of 500 MB')" \
		"$(awk -v part=${part%:*} '$1 == part { print $2 }' "$dir/looks")" ${part#*:} ms
done
rm -rf "$dir/mail"

printf '\n%-62s %10s %10s\n' 'Held against their bounds' measured bound
cat "$dir/table"
