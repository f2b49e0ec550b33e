#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Part of `make bench`: what a repair of many files takes in time and memory, and what its record costs. Run in the build folder.
set -eu
LC_ALL=C
export LC_ALL
dir=$(mktemp -d "${BENCH_DIR:-$PWD}/bench-record.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
MSMCFIX_STATE_DIR=$dir/runs
export MSMCFIX_STATE_DIR

# files FOLDER COUNT CONTENT: so many small ones, a hundred to a folder.
files() {
	i=0
	while [ $i -lt "$2" ]; do
		below=$1/S$((i / 100))
		[ $((i % 100)) -ne 0 ] || mkdir -p "$below"
		printf '%s %d\n' "$3" $i >"$below/FILE$i.DLL"
		i=$((i + 1))
	done
}
took() { # LABEL COMMAND...: the second of two runs; how it ends does not matter
	label=$1
	shift
	"$PWD/bench/sidebyside" -n 1 -b "${before:-true}" "$label" sh -c '"$@" >/dev/null 2>&1; exit 0' sh "$@" |
		awk -F '\t' -v count="$count" -v peaks="$dir/peaks" '{
			printf "  %-44s %9.0f ms %8.1f MiB\n", $1, $2, $5 / 1024
			printf "%s\t%d\t%d\n", $1, count, $5 >>peaks }'
}

for count in ${BENCH_FILES:-200 700 1800}; do
	rm -rf "$dir/first" "$dir/server" "$dir/runs" "$dir/repaired" "$dir/repaired-runs"
	./msmcfix train --build "$dir/first" --scenario standard --seed 5 >/dev/null
	files "$(find "$dir/first/C" -ipath '*/connect/msmcon/bin' -type d)" "$count" new
	files "$(find "$dir/first/E" -ipath '*/connect/msmcon/bin' -type d)" "$count" old
	printf '\nA repair of %d files more (bound at 1,800: 64 MiB; resume looks in 1 s)\n' "$count"
	cp -a "$dir/first" "$dir/server"
	took 'check' ./msmcfix --practice="$dir/server" check
	./msmcfix --practice="$dir/server" plan --output "$dir/plan" >/dev/null || [ $? = 2 ]
	sed -i 's/"decision": "undecided"/"decision": "keep"/' "$dir/plan"
	before="rm -rf '$dir/server' '$dir/runs'; cp -a '$dir/first' '$dir/server'; sync"
	took 'apply' ./msmcfix --practice="$dir/server" apply --plan "$dir/plan" --operator bench --yes
	before=
	cp -a "$dir/server" "$dir/repaired"
	cp -a "$dir/runs" "$dir/repaired-runs"
	took 'resume, a look at every change' ./msmcfix --practice="$dir/server" resume last --operator bench --yes
	took 'report' ./msmcfix report last
	took 'runs' ./msmcfix runs
	before="rm -rf '$dir/server' '$dir/runs'; cp -a '$dir/repaired' '$dir/server'; cp -a '$dir/repaired-runs' '$dir/runs'; sync"
	took 'undo' ./msmcfix --practice="$dir/server" undo last --operator bench --yes
	before=
done

# What each file more takes, from the least of them to the most. A survey holds a row for each file, a plan and a report are whole in memory.
printf '\nMemory a file more (bound: 20 KiB to look, 30 KiB to change)\n'
awk -F '\t' '
	!($1 in first) { order[++rows] = $1; first[$1] = $2; from[$1] = $3 }
	{ last[$1] = $2; to[$1] = $3 }
	END {
		for (i = 1; i <= rows; i++) {
			what = order[i]
			bound = what == "apply" || what == "undo" ? 30 : 20
			each = last[what] > first[what] ? (to[what] - from[what]) / (last[what] - first[what]) : 0
			printf "  %-44s %9.2f KiB   %s\n", what, each, each <= bound ? "ok" : "OVER"
		}
	}' "$dir/peaks"

mkdir -p "$dir/journal"
printf '\nRecord of an act of 100 changes, on %s (bound: 3 ms)\n' "$(stat -f -c %T "$dir/journal")"
# A disk takes as long as it takes: the same bytes, three times made to last, by dd.
head -c 9000 /dev/zero >"$dir/block"
bench/sidebyside -n 11 dd dd if="$dir/block" of="$dir/journal/bare" bs=3000 count=3 oflag=dsync conv=notrunc status=none |
	awk -F '\t' '{ printf "  %-44s %9.2f ms\n", "the disk alone: dd, three blocks made to last", $2 }'
bench/journalcost "$dir/journal" 100 | awk '{ printf "  %-44s %9.2f ms\n", "three entries, each made to last", $2 }'
