/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A link without helper and server: it stands where remote_link.c would, and plays a server for
 * what smbd cannot play: answers that are lost before or after the deed, that lie, that come in
 * another order. It makes and reads NDR with our own functions: no judge of them.
 */
#ifndef TESTS_FAKE_LINK_H
#define TESTS_FAKE_LINK_H

#include "nt/ndr.h"
#include "nt/regdata.h"
#include "nt/srvsvc.h"
#include "nt/svcctl.h"
#include "server/remote.h"

struct fake_key {
	char *path;
	struct reg_value *values;
	size_t count;
};

struct fake_service {
	const char *name, *depends; /* on that one */
	struct svcctl_status status;
	/* as a start or a stop leaves it; code: what the call says */
	uint32_t start_code, stop_code;
	uint32_t after_start[4]; /* the states that follow, one a question; 0: the last one stays */
	unsigned asked;
};

struct fake_file {
	char *path, *short_name; /* full, "E:\\a\\b"; short_name NULL: none */
	uint32_t attributes;     /* [MS-FSCC] 2.6 */
	int64_t mtime;
	uint8_t *bytes;
	size_t len;
	uint64_t more; /* so much larger it is said to be in listings */
	bool in_use;   /* it may be renamed, not removed */
};

/* An event log, "Application" or not, of records of one kind. */
struct fake_log {
	uint32_t oldest, count, meanwhile; /* so many more are written once they were counted */
	uint32_t data;                     /* bytes in each */
	uint32_t handle;                   /* the one that is known; another one: forgotten */
	uint32_t at;                       /* where the last reading ended */
	uint32_t open_code, read_code;
	bool read_once, no_seek; /* read_code is said once */
	void (*spoils)(uint8_t *records, uint32_t *len, uint32_t *code);
	unsigned opens, closes, reads;
};

enum { FAKE_KEYS = 64, FAKE_SHARES = 16, FAKE_SERVICES = 16 };

struct fake {
	TALLOC_CTX *mem;
	struct fake_key keys[FAKE_KEYS];
	size_t key_count;
	struct srvsvc_share shares[FAKE_SHARES];
	size_t share_count;
	struct fake_service services[FAKE_SERVICES];
	size_t service_count;

	struct fake_log log;

	struct fake_file *files;
	size_t file_count;
	unsigned crowd; /* so many files more in each folder that is named so */

	/* the connection breaks at the nth request about files of this verb (0: any), as below */
	unsigned break_verb, break_file;

	/* the connection breaks at the nth call of this number on a pipe of this name, before or
	 * after it is carried out; 0: not */
	const char *break_pipe;
	uint16_t break_opnum;
	unsigned break_nth;
	bool break_after, break_stays; /* nobody connects again */

	const char *no_pipe; /* there is none of this name */
	uint32_t no_pipe_code;
	const char *deny;      /* this key may not be opened for writing */
	uint32_t claim_values; /* QueryInfo says so many; 0: the truth */
	uint32_t claim_needed; /* EnumValue says MORE_DATA and this */
	bool grows;            /* the largest value is said to be one byte smaller than it is */
	bool shrinks;          /* the first EnumValue says there are no more */
	uint32_t add_code;     /* what NetShareAdd says, once */
	bool other;            /* another server answers after a break */
	bool last_first;       /* of the answers that wait, the last is given first */
	uint32_t list_at_once; /* services in one answer; 0: all */

	unsigned connects, calls, in_flight, most_in_flight;
	unsigned writing_opens; /* keys opened with more than the right to read */
	unsigned sets;          /* values set and deleted */
	unsigned file_asks;     /* requests about files */
};

extern struct fake fake;

/* A server with a control set, who it is, C$ and ADMIN$, and one service key with two values. */
void fake_server(TALLOC_CTX *mem);
/* The same as a set-up of cmocka's, *state an empty context; and its end. */
int fake_set_up(void **state);
int fake_tear_down(void **state);
/* Opens it, owned by mem; or by *state, and the test fails where that cannot be. */
int fake_open(TALLOC_CTX *mem, struct server **server, struct error *err);
struct server *fake_opened(void **state, struct error *err);
/* struct fake: break_pipe and those below it. */
void fake_breaks(const char *pipe, uint16_t opnum, unsigned nth, bool after);
struct fake_key *fake_key(const char *path);
/* What is there; made where data is given. */
struct reg_data *fake_value(const char *path, const char *name);
void fake_put(const char *path, const char *name, uint32_t type, const char *text);
void fake_share(const char *name, const char *path, uint32_t type, const char *security);
struct srvsvc_share *fake_share_find(const char *name);
/* What is there, by its path in just this case; made where it is not. attributes 0x10: a folder. */
struct fake_file *fake_file(const char *path);
struct fake_file *fake_file_put(const char *path, uint32_t attributes, const char *text);
struct fake_service *fake_service(const char *name, uint32_t state);

#endif
