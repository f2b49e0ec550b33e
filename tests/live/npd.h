/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * npd stands in front of smbd's own pipe sockets (ncalrpc/np/PIPE, moved to PIPE.samba) and hands
 * everything through, whatever release of Samba it is, but what smbd cannot play: shares with
 * drive letters and descriptors, who is connected, services that start slowly, depend and fail, an
 * event log that is read, a registry key that smbd makes up, SaveKey; and troubles that a test
 * orders: answers that are lost, denied, late, damaged. It makes and reads NDR of its own accord,
 * so it is no judge of ours.
 *
 * Orders are lines that a test appends to DIR/orders, fields separated by tabs, read before each
 * call; all calls are listed in DIR/calls.
 */
#ifndef TESTS_LIVE_NPD_H
#define TESTS_LIVE_NPD_H

#include <pthread.h>

#include "nt/ndr.h"

enum npd_pipe { NPD_SRVSVC, NPD_SVCCTL, NPD_WINREG, NPD_EVENTLOG, NPD_PIPES };
extern const char *const npd_pipe_names[NPD_PIPES];

/* Held by whoever looks at or changes what is ordered and played. */
extern pthread_mutex_t npd_lock;

/* Windows errors ([MS-ERREF] 2.2). */
enum {
	NO_SUCH_FILE = 2,
	DENIED = 5,
	ALREADY_EXISTS = 183,
	MORE_DATA = 234,
	BAD_LEVEL = 124,
	NO_SUCH_SHARE = 2310,
	SHARE_THERE = 2118,
	NO_SUCH_DEVICE = 2116
};

/* ---- npd_pdu.c: calls and answers, of however many PDUs ([C706] 12.6) ---- */

enum { PDU_HEAD = 24, PDU_REQUEST = 0, PDU_RESPONSE = 2, PDU_FAULT = 3, PDU_LIMIT = 65535 };

struct message {
	uint8_t type;
	bool secured; /* signed or sealed: handed through as it is */
	uint32_t call;
	uint16_t context, opnum;
	uint8_t *raw; /* the PDUs, each behind its length as it stands on smbd's socket */
	size_t raw_len;
	uint8_t *stub; /* of all PDUs */
	size_t stub_len;
};

/* The next whole message from fd, owned by mem; NULL at the end. */
struct message *message_read(TALLOC_CTX *mem, int fd);
bool message_pass(int fd, const struct message *message);
/* Sends stub as the response to a request. */
bool message_answer(int fd, const struct message *request, const uint8_t *stub, size_t len);
/* One PDU of a response: flags 1 first, 2 last; claims: its length as its head tells it. */
bool message_part(int fd, const struct message *request, const uint8_t *stub, size_t len,
	uint8_t flags, size_t claims);
bool bytes_read(int fd, void *bytes, size_t len);
bool bytes_write(int fd, const void *bytes, size_t len);

/* ---- npd_orders.c: what tests order ---- */

enum fault_kind {
	FAULT_NONE,
	FAULT_ERROR,   /* error=N: that Windows error, and nothing is done */
	FAULT_DROP,    /* drop: the connection ends before the call is passed on */
	FAULT_LOSE,    /* lose: it ends after that */
	FAULT_FREEZE,  /* freeze: no answer before "clear" */
	FAULT_DELAY,   /* delay=MS */
	FAULT_GARBAGE, /* garbage: an answer of noise */
	FAULT_CUT,     /* cut=BYTES: the answer ends early */
	FAULT_LIE,     /* lie: the PDU's head tells another length */
	FAULT_ENDLESS, /* endless: parts of an answer until nobody listens any more */
	FAULT_PATCH,   /* patch=OFFSET:NUMBER: a number of the answer is another one */
	FAULT_KINDS
};

struct fault {
	char *call;    /* "winreg.SetValue", "svcctl" */
	char *subject; /* part of what it is about; "*": any */
	enum fault_kind kind;
	uint32_t number, offset;
	unsigned times; /* left; 0: always */
	struct fault *next;
};

/* Reads what was appended to the orders. */
void orders_read(const char *dir);
/* The fault that is meant for this call, used up once; FAULT_NONE if there is none. */
struct fault fault_take(const char *call, const char *subject);
/* Until "clear" is ordered; false: the client is gone. */
bool fault_wait(const char *dir, int client);
/* A field "name=number" of an order's action; false if text is another. */
bool order_number(const char *text, const char *name, uint32_t *number);

/* ---- the pipes: each answers a request itself, or says false ---- */

/* What a connection to a pipe has open. */
struct opened;

struct talk {
	const char *dir;
	enum npd_pipe pipe;
	struct opened *opened; /* winreg: keys by handle */
	size_t event_at;       /* eventlog: where the last reading ended */
	TALLOC_CTX *mem;       /* of the connection */
};

typedef bool answer_fn(struct talk *talk, const struct message *request, struct ndr_writer *reply);

bool shares_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply);
/* Of the same pipe, what is about files. */
bool files_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply);
bool services_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply);
bool events_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply);
bool registry_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply);

/* What a call is named and is about, for orders and the list; owned by mem. */
const char *call_name(TALLOC_CTX *mem, enum npd_pipe pipe, const struct message *request);
char *shares_subject(TALLOC_CTX *mem, const struct message *request);
char *services_subject(TALLOC_CTX *mem, const struct message *request);
char *registry_subject(struct talk *talk, TALLOC_CTX *mem, const struct message *request);
/* The access that an OpenKey asks for. */
bool registry_writes(const struct message *request);

/* Leads smbd's made-up CurrentVersion to the key that was imported in its place. */
void registry_redirect(struct talk *talk, struct message *request);
/* Looks at an answer: handles are known by their paths from then on. */
void registry_learn(struct talk *talk, const struct message *request, struct message *reply);

/* ---- what is played ---- */

/* From the practice server below dir/server: its shares and services as SYSTEM and practice.json
 * have them. */
bool play_load(const char *dir);
/* The shares and services an order is about: fields after its name. False: none of theirs. */
bool shares_order(char *const *fields, size_t count);
bool services_order(char *const *fields, size_t count);
bool events_order(char *const *fields, size_t count);
bool registry_order(char *const *fields, size_t count);
bool files_order(const char *dir, char *const *fields, size_t count);
void shares_add(const char *name, const char *path, const char *remark, uint32_t type,
	const uint8_t *security, size_t len);
void services_add(const char *name, const char *shown, uint32_t start, bool runs,
	char *const *needs, size_t needed);
/* "E:\a\b" below dir/server in whatever case it is there, owned by mem; its last component need not
 * be there if made. NULL: not there. */
char *server_path(TALLOC_CTX *mem, const char *dir, const char *path, bool made);

#endif
