#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an independent program reads of a running server: reader.py PORT SECRET-FILE smb1|smb3 ASKED...
value KEY NAME / share NAME / file SHARE PATH / events / hold SHARE PATH (nobody else may write or rename it until standard input ends)."""
import struct
import sys
from impacket.dcerpc.v5 import even, rrp, srvs, transport
from impacket.smb import SMB_DIALECT
from impacket.smbconnection import SMBConnection

port, secret, dialect, *asked = sys.argv[1:]
with open(secret) as f:
    password = f.read().rstrip('\n')
link = SMBConnection('127.0.0.1', '127.0.0.1', sess_port=int(port), preferredDialect=SMB_DIALECT if dialect == 'smb1' else None)
link.login('exadmin', password)


def pipe(name, interface):
    way = transport.SMBTransport('127.0.0.1', int(port), name, smb_connection=link).get_dce_rpc()
    way.connect()
    way.bind(interface)
    return way


def value(key, name):
    root = rrp.hOpenLocalMachine(registry)['phKey']
    handle = rrp.hBaseRegOpenKey(registry, root, key)['phkResult']
    kind, data = 0, b''
    answer = rrp.BaseRegQueryValue()
    answer['hKey'], answer['lpValueName'] = handle, name + '\0'
    answer['lpData'], answer['lpcbData'], answer['lpcbLen'] = b' ' * 4096, 4096, 4096
    reply = registry.request(answer)
    kind, data = reply['lpType'], b''.join(reply['lpData'])[:reply['lpcbLen']]
    rrp.hBaseRegCloseKey(registry, handle)
    return '%d %s' % (kind, data.hex())


def share(name):
    info = srvs.hNetrShareGetInfo(shares, name + '\0', 502)['InfoStruct']['ShareInfo502']
    security = b''.join(info['shi502_security_descriptor']) if info['shi502_reserved'] else b''
    return '%s|%s|%s' % (info['shi502_path'].rstrip('\0'), info['shi502_remark'].rstrip('\0'), security.hex())


def file(where, path):
    answer = srvs.hNetrpGetFileSecurity(shares, where + '\0', path + '\0', 7)
    return bytes(answer).hex()


def events():
    log = pipe(r'\eventlog', even.MSRPC_UUID_EVEN)
    handle = even.hElfrOpenELW(log, 'Application', '')['LogHandle']
    reply = even.hElfrReadELW(log, handle, even.EVENTLOG_SEQUENTIAL_READ | even.EVENTLOG_FORWARDS_READ, 0, 0x7ffff)
    data = b''.join(reply['Buffer'])[:reply['NumberOfBytesRead']]
    while data:
        length, number, code, kind, count, at = struct.unpack('<L4xL8xLHH8xL', data[:40])
        source, texts = (data[i:length - 4].decode('utf-16-le').split('\0') for i in (56, at))
        yield ' '.join(['%d %d %d %s' % (number, code & 0xffff, kind, source[0])] + texts[:count])
        data = data[length:]


registry = shares = None
while asked:
    what = asked.pop(0)
    if what == 'value':
        registry = registry or pipe(r'\winreg', rrp.MSRPC_UUID_RRP)
        print(value(asked.pop(0), asked.pop(0)))
    elif what == 'events':
        print('\n'.join(events()))
    elif what == 'hold':
        where, path = asked.pop(0), asked.pop(0)
        tree = link.connectTree(where)
        link.openFile(tree, path, desiredAccess=0x120089, shareMode=1)
        print('held', flush=True)
        sys.stdin.read()
    else:
        shares = shares or pipe(r'\srvsvc', srvs.MSRPC_UUID_SRVS)
        try:
            print(share(asked.pop(0)) if what == 'share' else file(asked.pop(0), asked.pop(0)))
        except srvs.DCERPCSessionError as error:
            print('error %d' % error.get_error_code())
