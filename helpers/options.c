/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands instead of an smb.conf: both libraries take the same. */
#include <stddef.h>

#include "helpers/smb.h"

/* Nothing weaker than what is asked for, nothing of this machine's, nobody else's account. */
#define ALWAYS \
	"client lanman auth=no", "client plaintext auth=no", "client use kerberos=off", \
		"disable netbios=yes", "name resolve order=host", "unix charset=UTF-8"

static const char *const modern[] = { ALWAYS, "client min protocol=SMB2_02",
	"client max protocol=SMB3_11", "client ipc min protocol=SMB2_02",
	"client ipc max protocol=SMB3_11", "client use spnego=yes", "client ntlmv2 auth=yes",
	"client signing=required", "client ipc signing=required", NULL };

/* Signing that a server does not insist on breaks the sessions of one without SPNEGO. */
static const char *const nt4[] = { ALWAYS, "client min protocol=NT1", "client max protocol=NT1",
	"client ipc min protocol=NT1", "client ipc max protocol=NT1", "client use spnego=no",
	"client ntlmv2 auth=no", "client signing=if_required", "client ipc signing=if_required",
	NULL };

const char *const *options_of(enum frame_dialect dialect)
{
	return dialect == FRAME_NT4 ? nt4 : modern;
}
