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
for program in msmcfix/usr/bin/msmcfix msmcfix-live/usr/libexec/msmcfix/msmcfix-smb; do
	readelf -hW debian/$program | grep 'DYN'
	readelf -dW debian/$program | grep 'BIND_NOW\|NOW'
	readelf -lW debian/$program | grep GNU_RELRO
	readelf -sW --dyn-syms debian/$program | grep '__stack_chk_fail'
done
# Samba's libraries belong to the helper alone.
! dpkg-deb -f /work/msmcfix_1*.deb Depends | grep -i 'samba\|smbclient'
dpkg-deb -f /work/msmcfix-live_1*.deb Depends | grep 'libsmbclient'
