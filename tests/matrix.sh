#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `make matrix`: whole repairs stopped at every call, in every way, gone on with and put back; the table of it; real file systems.
#   MATRIX_POINTS=n   n calls of each kind instead of all, chosen by the seed      MATRIX_JOBS=n   so many at once
#   MATRIX_CASES=...  these alone                                                  MATRIX_ONLY=cases|disks|syncs   one part alone
build=${top_builddir:-.}
case $build in /*) ;; *) build=$(pwd)/$build ;; esac
here=${srcdir:-.}/tests
LC_ALL=C
export LC_ALL build
unset CUT_AT CUT_COUNT CUT_ROOT CUT_SHADOW CUT_DEAF CUT_HOW CUT_BOX
if [ ! -e "$build/tests/cut_preload.so" ]; then
	echo "1..0 # SKIP no shared object can be made here"
	exit 0
fi
if [ "$1" != one ]; then
	work=$(mktemp -d) || exit 1
	trap 'rm -rf "$work"' EXIT
	export work
fi

# CASE SEED POINTS: every call of the plain repair, of the old folder set aside, of a share that is made, and of the cases in which a repair
# goes other ways than there: thirteen faults at once; two registry files that differ; a second control set; files that may not be
# written; newer files that are kept. Of all the others a few points, chosen by the seed.
all=${MATRIX_POINTS:-all}
few=${MATRIX_FEW:-6}
cases() {
	for name in standard set-aside share-gone everything alt-out-of-step second-set read-only hotfix-pair; do echo "$name 3 $all"; done
	"$build/msmcfix" train --list | awk -v few="$few" '{ print $1, 11, few }'
}
one() { # CASE SEED POINTS
	"$build/tests/cut_matrix" "$build/msmcfix" "$build/tests/cut_preload.so" "$@" >"$work/$1.$2.out" 2>&1
	code=$?
	grep -v '^table' "$work/$1.$2.out"
	if [ $code = 0 ]; then echo "ok - $1, seed $2, points: $3"; else echo "not ok - $1, seed $2, points: $3 ($code)"; fi
}
if [ "$1" = one ]; then
	shift
	one "$@"
	exit 0
fi
failed=0
if [ "${MATRIX_ONLY:-cases}" = cases ]; then
	if [ -n "$MATRIX_CASES" ]; then for name in $MATRIX_CASES; do echo "$name 3 $all"; done; else cases; fi |
		xargs -P "${MATRIX_JOBS:-2}" -L 1 sh "$0" one | tee "$work/said"
	failed=$((failed + $(grep -c -e '^not ok' -e '^Bail out' "$work/said")))
fi
if [ "${MATRIX_ONLY:-disks}" = disks ]; then
	for test in "$here/matrix_disks.sh" "$here/replay.test"; do
		REPLAY_ALL=1 top_builddir=$build sh "$test" | tee "$work/said"
		failed=$((failed + $(grep -c '^not ok' "$work/said")))
		grep '^table' "$work/said" >>"$work/disks.out"
	done
fi
if [ "$MATRIX_ONLY" = syncs ]; then
	"$build/tests/cut_matrix" "$build/msmcfix" "$build/tests/cut_preload.so" "${MATRIX_CASES:-standard}" 3 syncs
fi
cat "$work"/*.out 2>/dev/null | awk -F'|' '
	BEGIN { line = "%-24s %-10s %-24s %6s %6s %6s %6s\n"; printf line, "case", "of", "stopped by", "calls", "points", "cases", "failed" }
	/^table/ { printf line, $2, $3, $4, $5, $6, $7, $8; points += $6; cases += $7; failed += $8; stop[$4] += $7; bad[$4] += $8 }
	END { for (kind in stop) printf line, "all", "", kind, "", "", stop[kind], bad[kind]; printf line, "in all", "", "", "", points, cases, failed }'
[ "$failed" = 0 ]
