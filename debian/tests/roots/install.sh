# Run as sh -eux in a minimal root: install, repair, upgrade amidst a run, remove, purge.
cd /work/out
everything() { find / -xdev \( -path /work -o -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /var/lib/apt -o -path /var/cache -o -path /var/log -o -path /var/lib/dpkg \) -prune -o -print | sort; }
apt-get update -q
# What it takes is installed first, so that what is left at the end is msmcfix's own.
{ dpkg-deb -f msmcfix_*.deb Depends; dpkg-deb -f msmcfix-live_*.deb Depends; } | tr ',' '\n' | grep -v '^ *msmcfix ' | sed 's/(.*//; s/|.*//' | xargs apt-get install -q -y --no-install-recommends locales
for locale in de_DE ja_JP; do localedef -i $locale -f UTF-8 $locale.UTF-8; done
everything >/tmp/before
apt-get install -q -y --no-install-recommends ./msmcfix_*.deb ./msmcfix-doc_*.deb
dpkg -V msmcfix msmcfix-doc
[ "$(dpkg-query -W -f '${Installed-Size}' msmcfix)" -le 2560 ]
(cd /work/source && INSTALLED_HELPER=no sh debian/tests/repair)
# The helper, from its package.
apt-get install -q -y --no-install-recommends ./msmcfix-live_*.deb
dpkg -V msmcfix-live
(cd /work/source && INSTALLED_HELPER=yes sh debian/tests/repair)
dpkg -P msmcfix-live
# The tour once more, in German and Japanese.
unset LANGUAGE
for locale in de_DE ja_JP; do (cd /work/source && INSTALLED_LOCALE=$locale.UTF-8 sh debian/tests/repair); done
LC_ALL=de_DE.UTF-8 msmcfix --help | grep '^Aufruf'
LC_ALL=ja_JP.UTF-8 msmcfix --practice check >/tmp/said || [ $? = 2 ]
! grep -i 'the server' /tmp/said

# A run that was cut off on a server, and then a newer package.
export LC_ALL=C.UTF-8
msmcfix train --build /tmp/server --scenario power-cut --seed 2
mkdir -p /var/lib/msmcfix
cp -R /tmp/server/runs/. /var/lib/msmcfix
msmcfix runs
mkdir /tmp/next
dpkg-deb -R msmcfix_*.deb /tmp/next/tree
sed -i 's/^Version: .*/&+next/' /tmp/next/tree/DEBIAN/control
dpkg-deb --root-owner-group -b /tmp/next/tree /tmp/next/msmcfix.deb
dpkg -i /tmp/next/msmcfix.deb
dpkg-query -W msmcfix | grep next
code=0
msmcfix --practice=/tmp/server/ resume "$(ls /var/lib/msmcfix | grep '^[0-9]')" --operator upgrade --yes || code=$?
[ "$code" -le 1 ]
msmcfix runs
msmcfix report last | grep -i 'upgrade'

# Removed without a trace, but for the runs; and it says where they are.
run=$(ls /var/lib/msmcfix | grep '^[0-9]')
dpkg -r msmcfix msmcfix-doc
dpkg -P msmcfix msmcfix-doc | tee /tmp/purged
[ -s "/var/lib/msmcfix/$run/journal.jsonl" ]
grep -F /var/lib/msmcfix /tmp/purged
everything | grep -v '^/var/lib/msmcfix' | diff /tmp/before -
# Without runs nothing at all is left.
rm -rf /var/lib/msmcfix
apt-get install -q -y --no-install-recommends ./msmcfix_*.deb
mkdir -p /var/lib/msmcfix
dpkg -P msmcfix
[ ! -e /var/lib/msmcfix ]
