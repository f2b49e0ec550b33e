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
	[ -z "$mounted" ] || umount "$dir/ntfs" || sleep 1
	rm -rf "$dir"
}
trap clean EXIT
trap 'exit 130' INT TERM
bench=$PWD/bench

# Prints what sidebyside says as rows. "Work" is the program's own measure where it makes one, else the whole of it;
# the ratio is that of the work to the work of the row named.
rows() {
	awk -F '\t' -v against="$1" '
		{ label[NR] = $1; ms[NR] = $2; least[NR] = $3; most[NR] = $4; peak[NR] = $5; work[NR] = $6 > 0 ? $6 : $2 }
		$1 == against { base = work[NR] }
		END {
			for (i = 1; i <= NR; i++)
				printf "  %-44s %9.2f %9.2f %9.2f %9.2f %8.1f %7.2f\n", label[i], ms[i], least[i], most[i], work[i],
					peak[i] / 1024, base ? work[i] / base : 0
		}'
}
head_line() {
	printf '\n%-46s %9s %9s %9s %9s %8s %7s\n' "$1" 'median ms' least most work 'MiB' "$2"
}

printf '%s, %s processors, %s, %s on %s\n' "$(uname -sr)" "$(nproc)" "$(./msmcfix --version | head -n 1)" \
	"$times rounds" "$(stat -f -c %T "$dir")"

head_line 'Start-up (bound: 3 ms)' 'to true'
"$bench/sidebyside" -n 201 'msmcfix --version' ./msmcfix --version ';' 'true' /bin/true | rows true

for size in 1 10 100; do
	mkdir "$dir/c$size"
	"$bench/mkhive" "$dir/c$size" $size
	hive=$dir/c$size/WINNT/system32/config/SYSTEM
	ours=$("$bench/regread" "$dir/c$size" | tail -n 1)
	theirs=$("$bench/hivexread" "$hive" | tail -n 1)
	[ "$ours" = "$theirs" ] || { echo "the readers differ: $ours / $theirs" >&2; exit 1; }
	head_line "Registry of check, SYSTEM of $(($(stat -c %s "$hive") / 1000)) kB" 'to hivex'
	set -- 'msmcfix (bound: 1.00; 0.33 of hivexregedit)' "$bench/regread" "$dir/c$size" ';' \
		'libhivex alone' "$bench/hivexread" "$hive"
	! command -v hivexregedit >/dev/null ||
		set -- "$@" ';' 'hivexregedit --export Services' hivexregedit --export "$hive" '\ControlSet001\Services'
	"$bench/sidebyside" -n "$times" "$@" | rows 'libhivex alone'
	echo "  both read: $ours"
done

# 2,000 files, 140 MB, in 20 folders.
make_tree() {
	mkdir -p "$1/tree"
	for folder in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
		mkdir "$1/tree/$folder"
		head -c 7000000 /dev/urandom | (cd "$1/tree/$folder" && split -b 70000 -a 2 - FILE)
	done
}

# copy_against WHERE BOUND ROUNDS
copy_against() {
	head_line "Copy of 2,000 files, 140 MB, on $1 (bound: $2)" 'to cp'
	E=$3 "$bench/sidebyside" -n "$4" -b "rm -rf '$3/copy' '$3/cp'; sync" \
		'msmcfix: copy, SHA-256, sync, read back' "$bench/copytree" "$dir/c1" "$3" ';' \
		'cp -a, then sha256sum of both trees' sh -c \
		'cp -a "$E/tree" "$E/cp" && find "$E/tree" "$E/cp" -type f -print0 | xargs -0 sha256sum' |
		rows 'cp -a, then sha256sum of both trees'
}

mkdir "$dir/disk"
make_tree "$dir/disk"
copy_against "$(stat -f -c %T "$dir/disk")" 0.50 "$dir/disk" "$times"
rm -rf "$dir/disk"

if [ "$(id -u)" = 0 ] && [ -e /dev/fuse ] && command -v ntfs-3g >/dev/null && command -v mkntfs >/dev/null; then
	truncate -s 1G "$dir/image"
	mkntfs -q -F -Q "$dir/image" >/dev/null 2>&1
	mkdir "$dir/ntfs"
	ntfs-3g "$dir/image" "$dir/ntfs" -o big_writes,windows_names
	mounted=yes
	make_tree "$dir/ntfs"
	copy_against 'NTFS through ntfs-3g' 1.00 "$dir/ntfs" "$(((times + 1) / 2))"
else
	printf '\nCopy on NTFS through ntfs-3g: not measured, it takes root, /dev/fuse, ntfs-3g and mkntfs\n'
fi

hive=$dir/c1/WINNT/system32/config/SYSTEM
characters=$("$bench/edithive" "$hive" "$dir/edited")
printf '\nFive drive letters changed in SYSTEM: %s characters changed, %s bytes of the file differ (bound: the same)\n' \
	"$characters" "$(cmp -l "$hive" "$dir/edited" | wc -l)"
