/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event logs of a running server, by the pipe eventlog ([MS-EVEN] 3.1.4). A log stays open as long
 * as the session, for it is read again and again. */
#include "server/remote_private.h"

#include <string.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/text.h"
#include "nt/eventlog.h"

/* So many records a call, the newest; more questions than that would take are of a server that
 * lies. */
enum { RECORDS_MOST = 20000, READS_MOST = 2000 };

/* Bytes of one answer. All of them travel, however few are used: so for a few records no more than
 * go into one fragment of SMB1; and [MS-EVEN] 2.2.9 has MAX_BATCH_BUFF. */
enum { ROOM_EACH = 512, ROOM_LEAST = 4096, ROOM_MOST = 0x7ffff };

/* [MS-ERREF] 2.3.1 */
enum {
	BAD_PARAMETER = 0xc000000d,
	END_OF_FILE = 0xc0000011,
	TOO_SMALL = 0xc0000023,
	DISCONNECTED = 0xc000020c,
	LOG_CHANGED = 0xc0000197
};

struct reading {
	struct remote *remote;
	const char *log;
	uint32_t after; /* what comes is newer */
	uint32_t seen;  /* the newest number that came since the log was sought in */
	uint32_t room, left;
	unsigned reads;
	bool kept;       /* the log was open from an earlier call */
	bool sequential; /* on from where the last reading ended, not from a number */
	bool from_start; /* looking for a number was refused: all is read */
	bool over;       /* there is no more */
	bool said;       /* fn ended it */
	server_event_fn *fn;
	void *arg;
	struct event_log *told;
	struct error *err;
};

#define WHAT N_("The event log of %s cannot be read")

static int code_said(const struct reading *reading, uint32_t code)
{
	return remote_status(reading->err, code, WHAT, reading->remote->spec.host);
}

static int refuse(const struct reading *reading)
{
	return code_said(reading, NDR_BAD);
}

static int call(const struct reading *reading, TALLOC_CTX *tmp, uint16_t opnum,
	struct ndr_writer *request, struct ndr_reader *reply)
{
	struct remote *remote = reading->remote;

	if (!remote->link)
		return code_said(reading, DISCONNECTED);
	return remote_call(remote, tmp, remote->eventlog, opnum, request, reply, WHAT,
		remote->spec.host, reading->err);
}

/* ---- the log ---- */

/* Its answer decides nothing. */
static void log_close(const struct reading *reading, TALLOC_CTX *tmp)
{
	struct reading quiet = *reading;
	struct ndr_writer request;
	struct ndr_reader reply;

	if (!reading->remote->log)
		return;
	quiet.err = NULL;
	TALLOC_FREE(reading->remote->log);
	ndr_begin(&request, tmp);
	eventlog_put_close(&request, &reading->remote->log_handle);
	(void)call(&quiet, tmp, EVENTLOG_CLOSE, &request, &reply);
}

static int log_open(struct reading *reading, TALLOC_CTX *tmp)
{
	struct remote *remote = reading->remote;
	struct ndr_writer request;
	struct ndr_reader reply;
	uint32_t pipe;
	int ret = remote_connected(remote, reading->err);

	if (!ret)
		ret = remote_pipe(remote, REMOTE_EVENTLOG, &pipe, reading->err);
	reading->kept = !ret && remote->log && text_equal(remote->log, reading->log);
	if (ret || reading->kept)
		return ret;
	log_close(reading, tmp);
	ndr_begin(&request, tmp);
	eventlog_put_open(&request, reading->log);
	ret = call(reading, tmp, EVENTLOG_OPEN, &request, &reply);
	if (!ret)
		ret = code_said(reading, eventlog_get_handle(&reply, &remote->log_handle));
	if (!ret)
		remote->log = talloc_strdup(remote, reading->log);
	return ret || remote->log ? ret : error_memory(reading->err);
}

static int number_ask(const struct reading *reading, TALLOC_CTX *tmp, enum eventlog_opnum opnum,
	uint32_t *number)
{
	struct ndr_writer request;
	struct ndr_reader reply;
	int ret;

	ndr_begin(&request, tmp);
	eventlog_put_number(&request, &reading->remote->log_handle);
	ret = call(reading, tmp, (uint16_t)opnum, &request, &reply);
	return ret ? ret : code_said(reading, eventlog_get_number(&reply, number));
}

/* What there is, and so from where on it is read. */
static int range_ask(struct reading *reading, TALLOC_CTX *tmp)
{
	struct event_log *told = reading->told;
	uint32_t oldest, count;
	int ret = number_ask(reading, tmp, EVENTLOG_OLDEST, &oldest);

	if (!ret)
		ret = number_ask(reading, tmp, EVENTLOG_COUNT, &count);
	if (ret)
		return ret;
	if (count && (oldest == 0 || count - 1 > UINT32_MAX - oldest))
		return refuse(reading);
	told->found = true;
	told->oldest = count ? oldest : 0;
	told->newest = count ? oldest + (count - 1) : 0;
	if (told->newest < reading->after) {
		/* It was emptied, and its numbers began anew. */
		told->partly = true;
		reading->after = 0;
	}
	if (count && oldest - 1 > reading->after) {
		told->partly |= reading->after != 0;
		reading->after = oldest - 1;
	}
	if (told->newest - reading->after > reading->left) {
		told->partly = true;
		reading->after = told->newest - reading->left;
	}
	return 0;
}

/* ---- records ---- */

/* One that cannot be read is passed over by what it says of its length. */
static size_t record_pass(struct reading *reading, const uint8_t *bytes, size_t len)
{
	uint32_t said = len >= EVT_RECORD_LEAST ? get32(bytes) : 0, number;

	if (said < EVT_RECORD_LEAST || said > len)
		return 0;
	number = get32(bytes + 8);
	if (number > reading->seen)
		reading->seen = number;
	reading->told->partly = true;
	return said;
}

static int record_hand(struct reading *reading, const struct evt_record *record)
{
	int ret;

	/* What was written meanwhile is for the next time. */
	reading->over = record->number >= reading->told->newest;
	if (record->number > reading->seen)
		reading->seen = record->number;
	if (record->number <= reading->after || record->number > reading->told->newest)
		return 0;
	reading->after = record->number;
	reading->left--;
	ret = reading->fn(reading->arg, record, reading->err);
	reading->said = ret != 0;
	return ret;
}

static int records_hand(struct reading *reading, TALLOC_CTX *tmp, const uint8_t *bytes, size_t len)
{
	uint32_t had = reading->seen;
	size_t used;
	int ret = 0;

	for (size_t at = 0; !ret && !reading->over && at < len; at += used) {
		struct evt_record *record = evt_record_parse(tmp, bytes + at, len - at, &used);

		if (record)
			ret = record_hand(reading, record);
		else
			used = record_pass(reading, bytes + at, len - at);
		talloc_free(record);
		if (used == 0)
			return refuse(reading);
	}
	return !ret && !reading->over && reading->seen == had ? refuse(reading) : ret;
}

/* Windows NT does not find an early number in a log of more than 2 MB (Q177199), and the number may
 * be gone by now: so the log is opened again, and read from its beginning. */
static int start_over(struct reading *reading, TALLOC_CTX *tmp)
{
	log_close(reading, tmp);
	reading->sequential = reading->from_start = true;
	reading->seen = 0;
	return log_open(reading, tmp);
}

static int read_answered(struct reading *reading, TALLOC_CTX *tmp, struct ndr_reader *reply)
{
	const uint8_t *records;
	uint32_t needed, code;
	size_t len;

	code = eventlog_get_read(reply, &records, &len, &needed);
	if (code == TOO_SMALL && needed > reading->room && needed <= ROOM_MOST) {
		reading->room = needed;
		return 0;
	}
	if (code == BAD_PARAMETER && !reading->from_start)
		return start_over(reading, tmp);
	if (code == LOG_CHANGED)
		log_close(reading, tmp);
	if (code == LOG_CHANGED || code == END_OF_FILE) {
		reading->over = reading->told->partly = true;
		return 0;
	}
	if (code)
		return code_said(reading, code);
	reading->sequential = true;
	return records_hand(reading, tmp, records, len);
}

static void room_choose(struct reading *reading)
{
	uint32_t want = reading->told->newest - reading->after;

	want = want < ROOM_MOST / ROOM_EACH ? want * ROOM_EACH : ROOM_MOST;
	if (reading->from_start)
		want = ROOM_MOST;
	if (want > reading->room)
		reading->room = want;
}

static int read_more(struct reading *reading)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct ndr_writer request;
	struct ndr_reader reply;
	int ret;

	if (++reading->reads > READS_MOST) {
		talloc_free(tmp);
		return refuse(reading);
	}
	room_choose(reading);
	ndr_begin(&request, tmp);
	if (reading->sequential)
		eventlog_put_read(&request, &reading->remote->log_handle,
			EVENTLOG_SEQUENTIAL | EVENTLOG_FORWARDS, 0, reading->room);
	else
		eventlog_put_read(&request, &reading->remote->log_handle,
			EVENTLOG_SEEK | EVENTLOG_FORWARDS, reading->after + 1, reading->room);
	ret = call(reading, tmp, EVENTLOG_READ, &request, &reply);
	if (!ret)
		ret = read_answered(reading, tmp, &reply);
	talloc_free(tmp);
	return ret;
}

static int log_read(struct reading *reading)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret;

	(void)remote_doing(reading->remote, _("Reading the event log of %s"),
		reading->remote->spec.host);
	reading->sequential = reading->from_start = reading->over = false;
	reading->room = ROOM_LEAST;
	ret = log_open(reading, tmp);
	if (!ret)
		ret = range_ask(reading, tmp);
	reading->seen = reading->after;
	while (!ret && !reading->over && reading->after < reading->told->newest)
		ret = read_more(reading);
	talloc_free(tmp);
	return ret;
}

/* Once, and again where that can help: what was handed out by then is not handed out again. A log
 * that was open may have been forgotten by the server, whatever it says of that. */
static int log_read_twice(struct reading *reading, TALLOC_CTX *tmp)
{
	struct remote *remote = reading->remote;
	int ret = log_read(reading);

	if (ret && !reading->said && ret != -TROUBLE_STOPPED &&
		(remote_broke(remote, ret) || reading->kept)) {
		log_close(reading, tmp);
		ret = log_read(reading);
	}
	if (ret && !reading->said)
		log_close(reading, tmp);
	return ret;
}

int remote_events(struct server *server, const char *log, uint32_t after, server_event_fn *fn,
	void *arg, struct event_log *told, struct error *err)
{
	struct reading reading = { .remote = remote_of(server),
		.log = log,
		.after = after,
		.left = RECORDS_MOST,
		.fn = fn,
		.arg = arg,
		.told = told,
		.err = err };
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret;

	*told = (struct event_log){ 0 };
	ret = log_read_twice(&reading, tmp);
	talloc_free(tmp);
	return ret;
}
