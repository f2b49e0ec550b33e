# Run as sh -eux in a root with everything that building takes: the packages, and what lintian says of them.
cd /work/source
dpkg-buildpackage -us -uc
mkdir -p /work/out
cp /work/*.deb /work/*.dsc /work/*.changes /work/*.buildinfo /work/*.debian.tar.xz /work/out
lintian --version
code=0
lintian --allow-root --fail-on error,warning --display-info --tag-display-limit 0 /work/msmcfix_*.changes >/work/out/lintian || code=$?
cat /work/out/lintian
[ $code = 0 ]
size=$(dpkg-deb -f /work/msmcfix_1*.deb Installed-Size)
[ "$size" -le 2560 ]
readelf -hW debian/msmcfix/usr/bin/msmcfix | grep 'DYN'
readelf -dW debian/msmcfix/usr/bin/msmcfix | grep 'BIND_NOW\|NOW'
readelf -lW debian/msmcfix/usr/bin/msmcfix | grep GNU_RELRO
readelf -sW --dyn-syms debian/msmcfix/usr/bin/msmcfix | grep '__stack_chk_fail'
