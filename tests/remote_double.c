/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/remote_double.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "server/remote.h"

struct remote_double remote_double;

/* As remote.h has it: asked ten times a second, at most for so many tenths. */
static int wait_for(int (*waiting)(void *, const char *, unsigned), void *arg, const char *doing,
	unsigned tenths)
{
	for (unsigned i = 0; i < tenths; i++) {
		if (waiting && waiting(arg, doing, i / 10) != 0)
			return -1;
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	}
	return 0;
}

static int refused(const struct remote_spec *spec, struct error *err)
{
	if (strcmp(spec->host, "gone") == 0)
		return error_set(err, TROUBLE_UNREACHABLE, "There is no host of that name: %s.",
			spec->host);
	if (strcmp(spec->host, "silent") == 0) {
		(void)wait_for(spec->waiting, spec->waiting_arg, "Connecting to silent", 600);
		return error_set(err, TROUBLE_STOPPED, "Connecting to silent was given up.");
	}
	if (strcmp(spec->host, "old") == 0 && !spec->nt4)
		return error_set(err, TROUBLE_DIALECT, "%s speaks only Windows NT 4.0's SMB.",
			spec->host);
	snprintf(remote_double.heard, sizeof remote_double.heard, "%s", spec->password);
	return strcmp(spec->password, "opensesame") == 0
		? 0
		: error_set(err, TROUBLE_PERMISSION, "%s does not accept %s and that password.",
			  spec->host, spec->user);
}

int remote_open(TALLOC_CTX *mem, const struct remote_spec *spec, struct server **server,
	struct error *err)
{
	int ret;

	remote_double.asked++;
	ret = refused(spec, err);
	if (ret != 0)
		return ret;
	*server = live_open(mem, remote_double.dir, &remote_double.live, err);
	if (!*server)
		return -(int)err->trouble;
	remote_double.opened++;
	return 0;
}

const char *remote_dialect(const struct server *server)
{
	(void)server;
	return "SMB 3.1.1, signed";
}
