#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh RUNS [TARGET...]: each target for RUNS executions, at the lowest priority, one after the other. What is found anew is kept in found/TARGET
# of the working folder and is the beginning of the next time; what fails is left as crash-..., and is the reason for ending non-zero.
top=$(cd "$(dirname "$0")" && pwd)
runs=$1
shift
[ $# -gt 0 ] || set -- text path value data regfile regwrite regf edit build version plan journal report case evidence rpc descriptor frames diskkey image evt maillog mail_before
# What one trial frees fits into a small quarantine, and a small one costs half. (max_redzone=16 would save more, but then the leak checker reports the
# memory of libFuzzer itself at the end.)
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=1:quarantine_size_mb=1:thread_local_quarantine_size_kb=16:malloc_context_size=4
UBSAN_OPTIONS=print_stacktrace=1
export ASAN_OPTIONS UBSAN_OPTIONS
status=0
for target; do
	case $target in
	regf | edit) dict=-dict=$top/regf.dict max=12288 ;;
	build | regwrite) dict= max=2048 ;;
	plan) dict=-dict=$top/json.dict max=8192 ;;
	journal | report | evidence | mail_before) dict=-dict=$top/json.dict max=4096 ;;
	case) dict=-dict=$top/case.dict max=4096 ;;
	version) dict= max=2048 ;;
	image) dict= max=16384 ;;
	evt) dict=-dict=$top/evt.dict max=2048 ;;
	*) dict= max=1024 ;;
	esac
	mkdir -p "found/$target"
	nice -n 19 "fuzz/fuzz_$target" -runs="$runs" -max_len=$max -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix="$target-" ${dict:+"$dict"} ${FUZZ_SECONDS:+-max_total_time="$FUZZ_SECONDS"} \
		"found/$target" "$top/corpus/$target" >"$target.log" 2>&1
	code=$?
	awk -v name="$target" -v code=$code '/number_of_executed_units/ { n = $2 } /average_exec_per_sec/ { s = $2 }
		END { printf "%-10s %10d executions, %7d a second, %s\n", name, n, s, code ? "A FINDING" : "no finding" }' "$target.log"
	[ $code = 0 ] || { status=1; grep -aE 'What must|ERROR:|runtime error|SUMMARY|Test unit' "$target.log"; }
done
exit $status
