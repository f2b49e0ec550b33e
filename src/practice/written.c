/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What mail leaves behind in text: SENT.LOG and RECV.LOG of the PC MTAs, their two lines as in
 * Q151215, and the message tracking log with the fields of Q173280, its numbers of events (Q173364)
 * and its way of writing identifiers and times (a printed example in Windows NT Magazine, June
 * 1998: "L=DBO-EXCHANGE-980304111409Z-23655", "1998.3.4 11:14:10"). And the logs that a server has
 * from before.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nt/evtfile.h"
#include "practice/parts.h"

enum { TRACKED_DAYS = 3, TRACKED_A_DAY = 4, DAY_S = 86400 };

__attribute__((format(printf, 2, 3))) static void put_text(struct practice_buf *buf,
	const char *format, ...)
{
	char text[2048];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len > 0)
		practice_put(buf, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

struct tm practice_tm(int64_t at)
{
	const time_t when = (time_t)at;
	struct tm tm = { 0 };

	gmtime_r(&when, &tm);
	return tm;
}

void practice_log_head(struct practice_buf *buf, bool sent)
{
	put_text(buf, "%s\r\n%s\r\n",
		sent ? "DATE SENT       SIZE  SENDER                   TO"
		     : "DATE RECEIVED   SIZE  FROM                   TO",
		sent ? "---------       ---  ------                    --"
		     : "-------------   ----  ----                   --");
}

void practice_log_put(struct practice_buf *buf, const struct practice_passed *passed)
{
	const struct tm tm = practice_tm(passed->at);

	put_text(buf, "%02d/%02d/%02d %02d:%02d  %zu  ", tm.tm_mon + 1, tm.tm_mday,
		tm.tm_year % 100, tm.tm_hour, tm.tm_min, passed->size);
	if (passed->there)
		put_text(buf, "%.255s     %.255s\r\n%08X %08X\r\n", passed->from, passed->to,
			passed->here, passed->there);
	else
		put_text(buf, "%.255s %.255s        *\r\n%08X\r\n", passed->from, passed->to,
			passed->here);
}

static const char *or_blank(const char *text)
{
	return text ? text : "";
}

void practice_track_put(struct practice_buf *buf, const struct practice_track *track)
{
	const struct tm tm = practice_tm(track->at);

	put_text(buf, "%.255s\t%u\t%d.%d.%d %d:%02d:%02d\t%.255s\t%.255s\t%.64s\t%.255s\t",
		track->id, track->event, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec, or_blank(track->gateway), or_blank(track->partner),
		or_blank(track->remote), track->from);
	put_text(buf, "0\t%zu\t0\t1\t%.255s\t1\r\n%.255s\t%s\r\n", track->size,
		or_blank(track->report), track->to, track->failed ? "1" : "");
}

char *practice_message_id(TALLOC_CTX *mem, const char *organization, const char *server, int64_t at,
	unsigned long number)
{
	const struct tm tm = practice_tm(at);
	char stamp[32];

	strftime(stamp, sizeof stamp, "%y%m%d%H%M%S", &tm);
	return talloc_asprintf(mem, "c=US;a= ;p=%s;l=%s-%sZ-%lu", organization, server, stamp,
		number);
}

char *practice_gateway(TALLOC_CTX *mem, const char *dn, const char *server)
{
	return talloc_asprintf(mem, "%s/cn=configuration/cn=connections/cn=MS Mail Connector (%s)",
		dn, server);
}

/* ---- The days before ---- */

/* A message between the first postoffice and Exchange, back and forth. */
static void track_old(TALLOC_CTX *mem, struct practice_buf *buf, const struct practice_world *world,
	int64_t at, unsigned number)
{
	const struct practice_postoffice *po = &world->po[number % world->po_count];
	struct practice_track track = { .at = at,
		.size = 700 + 13 * (size_t)number,
		.event = number % 2 ? 1004 : 1003,
		.gateway = practice_gateway(mem, world->dn, world->server),
		.id = practice_message_id(mem, world->organization, world->server, at, number) };
	char *ours, *theirs;

	ours = talloc_asprintf(mem, "%s/cn=Recipients/cn=%s", world->dn,
		practice_person(world, number % PRACTICE_AT_EXCHANGE)->box);
	theirs = talloc_asprintf(mem, "MS:%s/%s/%s", po->network, po->name,
		practice_person(world,
			PRACTICE_AT_EXCHANGE + PRACTICE_AT_POSTOFFICE * (number % world->po_count))
			->box);
	if (!track.id || !track.gateway || !ours || !theirs) {
		buf->failed = true;
		return;
	}
	track.from = number % 2 ? theirs : ours;
	track.to = number % 2 ? ours : theirs;
	practice_track_put(buf, &track);
}

static void tracking(struct practice_tree *tree, const struct practice_world *world)
{
	const int64_t last = practice_last_mail(world);

	for (unsigned day = 0; day < TRACKED_DAYS; day++) {
		const int64_t end = last - (TRACKED_DAYS - 1 - day) * (int64_t)DAY_S;
		const struct tm tm = practice_tm(end);
		struct practice_buf buf = { .mem = tree };
		char path[64];

		/* Not before midnight: that is another file. */
		for (unsigned i = 0; i < TRACKED_A_DAY; i++)
			track_old(tree, &buf, world,
				end - end % DAY_S + end % DAY_S * (i + 1) / TRACKED_A_DAY,
				1 + TRACKED_A_DAY * day + i);
		strftime(path, sizeof path, "C/exchsrvr/TRACKING.LOG/%Y%m%d.log", &tm);
		practice_buf_file(tree, path, &buf, end, 0644);
	}
}

/* Events that say nothing about mail: services that started, a counter that has none. */
static void events(struct practice_tree *tree, const struct practice_world *world)
{
	static const struct {
		const char *source;
		unsigned id, type;
	} rows[] = {
		{ "MSExchangeSA", 0x400003e8, EVT_INFORMATION },
		{ "MSExchangeDS", 0x400003e8, EVT_INFORMATION },
		{ "MSExchangeIS", 0x400003e9, EVT_INFORMATION },
		{ "SNMP", 0x400003e9, EVT_INFORMATION },
		{ "Perflib", 0xc00003f0, EVT_ERROR },
	};
	struct practice_buf log = { .mem = tree };

	practice_evt_open(&log);
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		practice_evt_add(&log,
			&(struct practice_event){ .id = rows[i].id,
				.type = rows[i].type,
				.at = world->times.service_pack_end + 30 * (int64_t)(i + 1),
				.source = rows[i].source,
				.computer = world->server,
				.strings = { world->server } });
	practice_evt_close(&log);
	practice_buf_file(tree, PRACTICE_EVT, &log, world->times.hive, 0644);
}

void practice_logs(struct practice_tree *tree, const struct practice_world *world)
{
	tracking(tree, world);
	events(tree, world);
}
