#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The msmcfix that PATH finds repairs a practice server, says so, and puts it back byte for byte. For make installcheck and the package. In INSTALLED_LOCALE,
# or C.UTF-8. INSTALLED_HELPER: yes, msmcfix-smb must be found; no, its package must be named; else it is not asked for.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
LC_ALL=${INSTALLED_LOCALE:-C.UTF-8} MSMCFIX_STATE_DIR=$work/runs
export LC_ALL MSMCFIX_STATE_DIR
ends() { # CODE ARGUMENTS...
	wanted=$1 code=0
	shift
	echo "msmcfix $*"
	msmcfix "$@" >out 2>&1 || code=$?
	[ "$code" = "$wanted" ] || { cat out; echo "exit $code, not $wanted"; exit 1; }
}
tree() { find server/C server/E -name '*.q240208-*' -prune -o -type f -exec sha256sum {} + | LC_ALL=C sort; }

ends 0 --version
ends 0 train --build server --scenario standard --seed 7
disks=$(tail -n 1 out)
tree >before
ends 2 --disks "$disks" check
ends 2 --disks "$disks" plan --output plan.json
sed -i 's/"decision": "undecided"/"decision": "keep"/' plan.json
ends 0 --disks "$disks" apply --plan plan.json --operator installed --yes
ends 0 --disks "$disks" check
ends 0 report last
ends 0 undo last --operator installed --yes
tree | cmp before -
ends 2 --disks "$disks" check
ends 0 train --demo
echo "repaired, and put back"

# The program finds its helper: then nobody answers on a closed port, else the package is named.
closed() { # CODE TEXT
	(umask 077 && printf 'secret\n' >password)
	ends "$1" --host 127.0.0.1 --port 1 --user installed --password-file password check
	LC_ALL=C.UTF-8 grep -qF "$2" out || { cat out; echo "not said: $2"; exit 1; }
}
case ${INSTALLED_HELPER:-} in
yes) closed 69 127.0.0.1 && echo "msmcfix-smb is found" ;;
no) closed 70 msmcfix-live && echo "msmcfix-smb is missed by name" ;;
esac
