/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hops of a message on a practice server: Exchange, Interchange, PC MTA, and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "nt/evtfile.h"
#include "practice/mail_parts.h"

#define INQUEUE "INQUEUE3"
#define OUTBOX "outbox"
#define GATEWAY "gateway" /* taken by Exchange, waiting for the Interchange */
#define CODE "[004]"

/* A letter has rested here long enough. A clock that was set back holds nothing up. */
static bool due(const struct mail_turn *turn, int64_t since, enum mail_flow flow)
{
	const int64_t age = turn->at - since;

	return age < 0 || age >= (flow == FLOW_SLOW ? MAIL_SLOW_S : MAIL_HOP_S);
}

static const struct mail_route *route_of(const struct mail_turn *turn, const char *address)
{
	const struct mail_postoffice *post = mail_post_find(turn->site, address);

	return post ? &turn->site->routes[post->route] : NULL;
}

/* What becomes of mail to it (out) or from it. */
static enum mail_flow flow_of(const struct mail_turn *turn, const char *address, bool out)
{
	const struct mail_route *route = route_of(turn, address);

	return !route ? FLOW_FLOWS : out ? route->out : route->in;
}

static size_t size_of(const struct mail_item *item)
{
	return 400 + strlen(item->letter.text ? item->letter.text : "");
}

/* ---- What is written down ---- */

static void log_append(struct mail_turn *turn, int folder, const char *name,
	const struct practice_buf *buf)
{
	char *spelled = folder >= 0 ? mail_spelled(turn->mem, folder, name) : NULL;

	if (spelled && !buf->failed)
		(void)mail_write(folder, spelled, buf->bytes, buf->len, -1, turn->at);
	file_shut(folder);
}

/* The file of this day, GMT. */
static void track(struct mail_turn *turn, struct practice_track *row)
{
	struct practice_buf buf = { .mem = turn->mem };
	const struct tm tm = practice_tm(turn->at);
	char *exchange = NULL, *path, name[32];
	struct error err;

	if (server_reg_text(turn->server, turn->mem, "SOFTWARE\\Microsoft\\Exchange\\Setup",
		    "Services", &exchange, &err) < 0)
		return;
	path = talloc_asprintf(turn->mem, "%s\\tracking.log", exchange);
	row->at = turn->at;
	if (!path || !row->id)
		return;
	strftime(name, sizeof name, "%Y%m%d.log", &tm);
	practice_track_put(&buf, row);
	log_append(turn, mail_folder_of(turn->mail->root, turn->server, path), name, &buf);
}

/* A mailbox of Exchange by its name in the directory, one of MS Mail with its type. */
static char *logged(struct mail_turn *turn, const char *address)
{
	const struct mail_box *box = mail_box_find(turn->site, address);

	return box && box->exchange
		? talloc_asprintf(turn->mem, "%s/cn=Recipients/cn=%s", turn->site->dn, box->name)
		: talloc_asprintf(turn->mem, "MS:%s", address);
}

/* letter: of the MAI file, 0 for none. */
static void track_letter(struct mail_turn *turn, unsigned event, const struct mail_item *item,
	unsigned letter)
{
	char remote[16] = "";
	struct practice_track row = { .id = item->id,
		.event = event,
		.remote = remote,
		.from = logged(turn, item->letter.from),
		.to = logged(turn, item->letter.to),
		.size = size_of(item) };

	if (letter)
		snprintf(remote, sizeof remote, "%08X", letter);
	if (event > 1000)
		row.gateway = practice_gateway(turn->mem, turn->site->dn, turn->site->server);
	else
		row.partner = talloc_asprintf(turn->mem,
			"%s/cn=configuration/cn=servers/cn=%s/cn=Microsoft Private MDB",
			turn->site->dn, turn->site->server);
	if (event == 1007 || event == 10) {
		row.report = item->id;
		row.failed = true;
	}
	if (row.from && row.to)
		track(turn, &row);
}

static void passed(struct mail_turn *turn, bool sent, const struct mail_item *item, unsigned here,
	unsigned there)
{
	struct practice_buf buf = { .mem = turn->mem };
	const int folder = mail_folder(turn->share.at, "LOG", FOLDER_ANY_CASE);

	practice_log_put(&buf,
		&(struct practice_passed){ .at = turn->at,
			.from = item->letter.from,
			.to = item->letter.to,
			.size = size_of(item),
			.here = here,
			.there = there });
	log_append(turn, folder, sent ? "SENT.LOG" : "RECV.LOG", &buf);
}

/* Only where diagnostics logging is raised (Q175447). */
static void event_letter(struct mail_turn *turn, unsigned id, const struct mail_item *item,
	unsigned letter)
{
	char number[16];

	snprintf(number, sizeof number, "%08X", letter);
	if (turn->site->diagnostics)
		mail_turn_event(turn,
			&(struct practice_event){ .id = 0x40000000u | id,
				.type = EVT_INFORMATION,
				.category = 3,
				.strings = { id == 2448 ? item->id : number,
					id == 2448 ? number : item->letter.from,
					id == 2448 ? item->letter.from : item->letter.to,
					id == 2448 ? item->letter.to : NULL } });
}

/* ---- Into a mailbox ---- */

static bool deliver(struct mail_turn *turn, const struct mail_box *box,
	const struct mail_item *item)
{
	char *folder = mail_box_folder(turn->mem, box);
	struct mail_item arrived = *item;

	arrived.letter.at = turn->at;
	return folder && mail_item_put(turn->mail->mail, folder, &arrived, turn->at);
}

static char *id_make(struct mail_turn *turn, const char *name)
{
	const char *org = strstr(turn->site->dn, "/o=");

	org = org ? org + 3 : "";
	return practice_message_id(turn->mem, talloc_strndup(turn->mem, org, strcspn(org, "/")),
		turn->site->server, turn->at, strtoul(name, NULL, 16));
}

/* A report to whoever sent it; its subject is that of the letter, code and all. */
static bool report(struct mail_turn *turn, const struct mail_item *item)
{
	const struct mail_box *box = mail_box_find(turn->site, item->letter.from);
	struct mail_item back = { .id = item->id,
		.letter = {
			.from = talloc_asprintf(turn->mem, "%s/POSTMASTER", turn->site->exchange),
			.to = item->letter.from,
			.report = true } };

	back.letter.subject = talloc_asprintf(turn->mem, "Undeliverable: %s", item->letter.subject);
	back.letter.text = talloc_asprintf(turn->mem,
		CODE
		" The message came back to where it began.\nMail item was not delivered to:\n  %s\n",
		item->letter.to);
	return box && back.letter.from && back.letter.subject && back.letter.text &&
		deliver(turn, box, &back);
}

/* By the Interchange, which writes it down (Q163020, Q173364). */
static void report_logged(struct mail_turn *turn, const struct mail_item *item)
{
	const struct mail_box *box = mail_box_find(turn->site, item->letter.from);
	char *text = talloc_asprintf(turn->mem,
		CODE " The message came back to where it began. Mail item was not delivered to: %s",
		item->letter.to);

	if (!report(turn, item))
		return;
	track_letter(turn, 1007, item, 0);
	if (box->exchange)
		track_letter(turn, 10, item, 0);
	mail_turn_event(turn,
		&(struct practice_event){ .id = 0x80000000u | 2117,
			.type = EVT_WARNING,
			.category = 4,
			.strings = { item->letter.from, item->letter.subject, text } });
}

/* ---- Out of a folder ---- */

/* Whether a letter can go on. What the Interchange cannot convert stays where it is, and it says so
 * once, at every start anew (Q158379). */
static bool goes_on(struct mail_turn *turn, const struct mail_item *item, bool out)
{
	enum mail_flow flow = flow_of(turn, out ? item->letter.to : item->letter.from, out);
	unsigned long number = strtoul(item->name, NULL, 16);

	if (!out || flow != FLOW_STUCK)
		return due(turn, item->mtime, flow);
	if (number > turn->mail->stuck) {
		turn->mail->stuck = number;
		mail_turn_event(turn,
			&(struct practice_event){ .id = 0x80000000u | 2446,
				.type = EVT_WARNING,
				.category = 4,
				.strings = { item->letter.subject, item->letter.from,
					item->letter.to } });
	}
	return false;
}

/* The first letter of a folder that has rested there as long as mail to its recipient (out), or
 * from its sender, must; NULL: none. */
static struct mail_item *item_first(struct mail_turn *turn, const char *path, bool out)
{
	const int folder = mail_folder(turn->mail->mail, path, 0);
	size_t count = 0;
	char **names = folder >= 0 ? mail_names(turn->mem, folder, &count) : NULL;
	struct mail_item *found = NULL;

	for (size_t i = 0; !found && i < count; i++) {
		struct mail_item *item = mail_item_get(turn->mem, folder, names[i]);

		if (item && goes_on(turn, item, out))
			found = item;
		else
			talloc_free(item);
	}
	file_shut(folder);
	return found;
}

static void item_remove(struct mail_turn *turn, const char *path, const struct mail_item *item)
{
	const int folder = mail_folder(turn->mail->mail, path, 0);

	if (folder >= 0) {
		turn->moved = unlinkat(folder, item->name, 0) == 0 || turn->moved;
		close(folder);
	}
}

/* Somebody else of the same postoffice: what a client makes of it that sends as a colleague, by
 * permission or by a profile left on a shared computer. */
static void sender_change(struct mail_turn *turn, struct mail_item *item)
{
	const struct mail_box *from = mail_box_find(turn->site, item->letter.from);
	const size_t postoffice =
		from ? (size_t)(strrchr(from->address, '/') - from->address) + 1 : 0;

	for (size_t i = 0; from && i < turn->site->boxes.count; i++) {
		const struct mail_box *box = &turn->site->boxes.boxes[i];

		if (box != from && strncmp(box->address, from->address, postoffice) == 0) {
			item->letter.from = box->address;
			return;
		}
	}
}

/* ---- Exchange ---- */

void mail_hop_submit(struct mail_turn *turn)
{
	struct mail_item *item = NULL;
	const struct mail_box *box;

	if (mail_turn_running(turn, "MSExchangeIS") && mail_turn_running(turn, "MSExchangeMTA"))
		item = item_first(turn, OUTBOX, false);
	if (!item)
		return;
	if (flow_of(turn, item->letter.to, true) == FLOW_OTHER_SENDER)
		sender_change(turn, item);
	box = mail_box_find(turn->site, item->letter.to);
	item->id = id_make(turn, item->name);
	if (box && box->exchange ? !deliver(turn, box, item)
				 : !mail_item_put(turn->mail->mail, GATEWAY, item, turn->at))
		return;
	track_letter(turn, 4, item, 0);
	if (box && box->exchange)
		track_letter(turn, 1000, item, 0);
	item_remove(turn, OUTBOX, item);
}

/* ---- The Interchange ---- */

static void interchange_out(struct mail_turn *turn)
{
	struct mail_item *item = item_first(turn, GATEWAY, true);
	const struct mail_postoffice *post =
		item ? mail_post_find(turn->site, item->letter.to) : NULL;
	unsigned letter = 0;

	if (!item)
		return;
	if (!post || !mail_box_find(turn->site, item->letter.to)) {
		report_logged(turn, item);
	} else {
		if (!maildata_put(&turn->interchange, post->bag, item, turn->at, &letter))
			return;
		track_letter(turn, 1003, item, letter);
		event_letter(turn, 2448, item, letter);
	}
	item_remove(turn, GATEWAY, item);
}

/* What cannot go on from its queue comes back out of it. */
static void interchange_return(struct mail_turn *turn)
{
	for (size_t i = 0; i < turn->site->post_count; i++) {
		const struct mail_postoffice *post = &turn->site->posts[i];
		struct mail_waiting *waiting;
		uint32_t at = 0;

		if (turn->site->routes[post->route].out != FLOW_REPORT)
			continue;
		while ((waiting = maildata_next(turn->mem, &turn->interchange, post->bag, &at)) !=
			NULL)
			if (waiting->ours && due(turn, waiting->item.mtime, FLOW_FLOWS) &&
				maildata_take(&turn->interchange, post->bag, waiting, turn->at)) {
				report_logged(turn, &waiting->item);
				turn->moved = true;
				return;
			}
	}
}

static void interchange_in(struct mail_turn *turn)
{
	struct mail_waiting *waiting;
	uint32_t at = 0;

	while ((waiting = maildata_next(turn->mem, &turn->interchange, INQUEUE, &at)) != NULL) {
		struct mail_item *item = &waiting->item;
		const enum mail_flow flow =
			waiting->ours ? flow_of(turn, item->letter.from, false) : FLOW_FLOWS;
		const struct mail_box *box =
			waiting->ours ? mail_box_find(turn->site, item->letter.to) : NULL;
		char name[16];

		if (!box || !box->exchange || flow == FLOW_STUCK || !due(turn, item->mtime, flow) ||
			!maildata_take(&turn->interchange, INQUEUE, waiting, turn->at))
			continue;
		snprintf(name, sizeof name, "%08X", waiting->letter);
		item->id = id_make(turn, name);
		turn->moved = true;
		event_letter(turn, 2444, item, waiting->letter);
		if (flow == FLOW_REPORT) {
			report_logged(turn, item);
			return;
		}
		track_letter(turn, 1004, item, waiting->letter);
		if (deliver(turn, box, item))
			track_letter(turn, 1000, item, 0);
		return;
	}
}

void mail_hop_interchange(struct mail_turn *turn)
{
	if (turn->interchange.at < 0)
		return;
	interchange_in(turn);
	interchange_return(turn);
	interchange_out(turn);
}

/* ---- The PC MTAs ---- */

/* What was queued before this connector ran has a header and no more: somebody at its postoffice
 * gets it. */
static void item_complete(struct mail_turn *turn, const struct mail_postoffice *post,
	struct mail_waiting *waiting)
{
	struct mail_letter *letter = &waiting->item.letter;
	const size_t len = strlen(post->address);
	size_t count = 0;

	letter->from = talloc_asprintf(turn->mem, "%s/%s", turn->site->exchange,
		letter->from ? letter->from : "");
	letter->text = talloc_strdup(turn->mem, "This letter waited in the connector's queue.\n");
	for (size_t i = 0; i < turn->site->boxes.count; i++) {
		const char *address = turn->site->boxes.boxes[i].address;

		/* The first, or with an odd number the second where there is one. */
		if (strncmp(address, post->address, len) == 0 && address[len] == '/' &&
			(count++ == 0 || waiting->letter % 2))
			letter->to = turn->site->boxes.boxes[i].address;
	}
}

static bool pcmta_takes(struct mail_turn *turn, const struct mail_route *route,
	const struct mail_waiting *waiting)
{
	if (route->out == FLOW_REPORT && waiting->ours)
		return false;
	return due(turn, waiting->item.mtime, route->out);
}

static bool pcmta_send(struct mail_turn *turn, const struct mail_route *route,
	const struct mail_postoffice *post)
{
	struct mail_waiting *waiting;
	const struct mail_box *box;
	uint32_t at = 0;

	while ((waiting = maildata_next(turn->mem, &turn->share, post->bag, &at)) != NULL)
		if (pcmta_takes(turn, route, waiting))
			break;
	if (!waiting || !maildata_take(&turn->share, post->bag, waiting, turn->at))
		return false;
	turn->moved = true;
	if (!waiting->ours)
		item_complete(turn, post, waiting);
	box = waiting->item.letter.to ? mail_box_find(turn->site, waiting->item.letter.to) : NULL;
	if (!box || !waiting->item.letter.from)
		return true;
	/* A number of the other postoffice's own. */
	passed(turn, true, &waiting->item, waiting->letter, 0x400 + (waiting->letter & 0xfffff));
	(void)deliver(turn, box, &waiting->item);
	return true;
}

/* From a postoffice: for Exchange, for another postoffice, or back. */
static bool pcmta_fetch(struct mail_turn *turn, const struct mail_route *route,
	const struct mail_postoffice *post)
{
	char *path = talloc_asprintf(turn->mem, "%s/" OUTBOX, post->address);
	struct mail_item *item = path ? item_first(turn, path, false) : NULL;
	const struct mail_box *box = item ? mail_box_find(turn->site, item->letter.to) : NULL;
	unsigned letter = 0;

	if (!item)
		return false;
	if (route->in == FLOW_OTHER_SENDER)
		sender_change(turn, item);
	if (!box)
		(void)report(turn, item);
	else if (!box->exchange)
		(void)deliver(turn, box, item);
	else if (maildata_put(&turn->share, INQUEUE, item, turn->at, &letter))
		passed(turn, false, item, letter, 0);
	else
		return false;
	item_remove(turn, path, item);
	return true;
}

void mail_hop_pcmta(struct mail_turn *turn, size_t number)
{
	const struct mail_route *route = &turn->site->routes[number];
	bool sent = false, fetched = false;

	if (turn->share.at < 0 || !mail_turn_running(turn, route->name))
		return;
	for (size_t i = 0; i < turn->site->post_count; i++) {
		const struct mail_postoffice *post = &turn->site->posts[i];

		if (post->route != number)
			continue;
		sent = sent || pcmta_send(turn, route, post);
		fetched = fetched || pcmta_fetch(turn, route, post);
	}
}
