/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connector of a practice server: what registry, share and services make of it in one step, and
 * the mailboxes at both ends. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/evtfile.h"
#include "nt/path.h"
#include "server/disks.h"
#include "practice/mail_parts.h"

#define INTERCHANGE "MSExchangeMSMI"

enum { LETTERS_MOST = 1000 };

/* ---- What the server says ---- */

bool mail_turn_running(const struct mail_turn *turn, const char *service)
{
	return practice_json_state(turn->site->root, service) == SERVICE_RUNNING;
}

/* A value below a service's key; NULL for none. */
static char *service_text(struct mail_turn *turn, const char *service, const char *value)
{
	char *key = talloc_asprintf(turn->mem, "%s\\%s", turn->services, service), *text = NULL;
	struct error err;

	if (!key || server_reg_string(turn->server, turn->mem, key, value, &text, &err) < 0)
		return NULL;
	return text;
}

static bool depends_run(struct mail_turn *turn, const char *service)
{
	char *key = talloc_asprintf(turn->mem, "%s\\%s", turn->services, service), **names;
	struct reg_data *data = NULL;
	struct error err;
	size_t count = 0;

	if (!key ||
		turn->server->ops->reg_read(turn->server, turn->mem, key, "DependOnService", &data,
			&err) < 0)
		return false;
	names = data ? regdata_strings(turn->mem, data, &count) : NULL;
	for (size_t i = 0; names && i < count; i++)
		if (practice_json_state(turn->site->root, names[i]) != SERVICE_UNKNOWN &&
			!mail_turn_running(turn, names[i]))
			return false;
	return true;
}

/* The account that Exchange's directory knows is the one it runs under itself. */
static bool account_right(struct mail_turn *turn)
{
	const char *own = service_text(turn, INTERCHANGE, "ObjectName"),
		   *directory = service_text(turn, "MSExchangeDS", "ObjectName");

	return own && !text_equal(own, "LocalSystem") && (!directory || text_equal(own, directory));
}

/* The Maildata beside the Msmcon\Bin that the Interchange's program lies in; NULL for none. */
static char *interchange_maildata(struct mail_turn *turn)
{
	const char *image = service_text(turn, INTERCHANGE, "ImagePath");
	size_t count = 0;
	struct path_span *spans = image
		? path_spans(turn->mem, image, PATH_COMMAND, turn->server->id.nt_folder, &count)
		: NULL;
	bool found = false;
	struct error err;

	if (!spans || count == 0 || !spans[0].full ||
		turn->server->ops->file_stat(turn->server, turn->mem, spans[0].full, &found, NULL,
			NULL, &err) < 0 ||
		!found || path_parts(spans[0].full) < 3)
		return NULL;
	return path_join(turn->mem, path_parent(turn->mem, path_parent(turn->mem, spans[0].full)),
		"maildata");
}

static void interchange_open(struct mail_turn *turn)
{
	char *path = NULL;

	if (!mail_turn_running(turn, INTERCHANGE)) {
		turn->mail->refused = false;
		return;
	}
	if (!depends_run(turn, INTERCHANGE))
		return;
	if (account_right(turn)) {
		path = interchange_maildata(turn);
	} else if (!turn->mail->refused) {
		/* Q164177: it runs on, and delivers nothing. */
		turn->mail->refused = true;
		mail_turn_event(turn,
			&(struct practice_event){ .id = 0xc0000000u | 2410,
				.type = EVT_ERROR,
				.category = 5,
				.strings = { "0x105" } });
	}
	if (path)
		turn->interchange =
			maildata_open(turn->mail->root, turn->mail->mail, turn->server, path);
}

static void share_open(struct mail_turn *turn)
{
	struct share *share = NULL;
	struct error err;

	if (mail_turn_running(turn, "LanmanServer") &&
		turn->server->ops->share_get(turn->server, turn->mem, "Maildat$", &share, &err) ==
			0 &&
		share && path_normal(turn->mem, share->path))
		turn->share = maildata_open(turn->mail->root, turn->mail->mail, turn->server,
			path_normal(turn->mem, share->path));
}

/* ---- The event log ---- */

char *mail_event_log(struct mail_turn *turn)
{
	const char *text = service_text(turn, "EventLog\\Application", "File");
	size_t count = 0;
	struct path_span *spans =
		path_spans(turn->mem, text ? text : "%SystemRoot%\\system32\\config\\AppEvent.Evt",
			PATH_PLAIN, turn->server->id.nt_folder, &count);

	return spans && count > 0 ? spans[0].full : NULL;
}

/* Another event, or the log as a clean stop leaves it (NULL). */
static void event_log_write(struct mail_turn *turn, const struct practice_event *event)
{
	char *path = mail_event_log(turn), *parent = path ? path_parent(turn->mem, path) : NULL;
	const int folder = parent ? mail_folder_of(turn->mail->root, turn->server, parent) : -1;
	char *name = folder >= 0 ? mail_spelled(turn->mem, folder, path_leaf(path)) : NULL;
	struct practice_buf log = { .mem = turn->mem };

	if (name) {
		log.bytes = mail_get(turn->mem, folder, name, 1 << 20, &log.len, NULL);
		log.room = log.len;
		if (event) {
			practice_evt_open(&log);
			practice_evt_add(&log, event);
		} else {
			practice_evt_close(&log);
		}
		if (!log.failed && log.len)
			(void)mail_put(turn->mail->mail, folder, name, log.bytes, log.len, turn->at,
				true);
	}
	if (folder >= 0)
		close(folder);
}

void mail_turn_event(struct mail_turn *turn, const struct practice_event *event)
{
	struct practice_event whole = *event;

	if (!mail_turn_running(turn, "EventLog"))
		return;
	whole.at = turn->at;
	whole.source = INTERCHANGE;
	whole.computer = turn->site->server;
	event_log_write(turn, &whole);
	turn->mail->events = true;
}

/* ---- One step ---- */

static int turn_begin(struct mail_turn *turn, int64_t now, struct error *err)
{
	char *set;
	int ret = mail_site_load(turn->mem, turn->mail->dir, &turn->site, err);

	if (ret == 0)
		ret = practice_open(turn->mem, turn->mail->dir, &turn->server, err);
	if (ret == 0)
		ret = disks_control_set(turn->server, turn->mem, &set, err);
	if (ret < 0)
		return ret;
	turn->at = now + turn->site->clock;
	turn->services = talloc_asprintf(turn->mem, "%s\\Services", set);
	return turn->services ? 0 : error_memory(err);
}

int practice_mail_step(struct practice_mail *mail, int64_t now, bool *moved, struct error *err)
{
	struct mail_turn turn = { .mem = talloc_new(NULL),
		.mail = mail,
		.interchange.at = -1,
		.share.at = -1 };
	int ret = turn.mem ? turn_begin(&turn, now, err) : error_memory(err);

	if (ret == 0) {
		interchange_open(&turn);
		share_open(&turn);
		for (size_t i = 0; i < turn.site->route_count; i++)
			mail_hop_pcmta(&turn, i);
		mail_hop_interchange(&turn);
		mail_hop_submit(&turn);
	}
	*moved = turn.moved;
	maildata_close(&turn.interchange);
	maildata_close(&turn.share);
	talloc_free(turn.mem);
	return ret;
}

static int mail_close(struct practice_mail *mail)
{
	struct mail_turn turn = { .mem = talloc_new(NULL), .mail = mail };
	struct error err;

	if (mail->events && turn.mem && turn_begin(&turn, time(NULL), &err) == 0)
		event_log_write(&turn, NULL);
	talloc_free(turn.mem);
	if (mail->mail >= 0)
		close(mail->mail);
	if (mail->root >= 0)
		close(mail->root);
	return 0;
}

int practice_mail_open(TALLOC_CTX *mem, const char *dir, struct practice_mail **out,
	struct error *err)
{
	struct practice_mail *mail = talloc_zero(mem, struct practice_mail);
	struct mail_site *site;
	int ret = mail ? 0 : error_memory(err);

	*out = NULL;
	if (ret < 0)
		return ret;
	mail->root = mail->mail = -1;
	talloc_set_destructor(mail, mail_close);
	mail->dir = talloc_strdup(mail, dir);
	ret = mail->dir ? mail_site_load(mail, dir, &site, err) : error_memory(err);
	if (ret == 0)
		ret = mail_store_open(site, dir, &mail->root, &mail->mail, err);
	if (ret < 0) {
		talloc_free(mail);
		return ret;
	}
	talloc_free(site);
	*out = mail;
	return 0;
}

/* ---- The mailboxes ---- */

/* practice.json and DIR/mail, for one question. */
struct visit {
	TALLOC_CTX *tmp;
	struct mail_site *site;
	int root, mail;
};

static int visit_begin(struct visit *visit, const char *dir, struct error *err)
{
	int ret;

	*visit = (struct visit){ .tmp = talloc_new(NULL), .root = -1, .mail = -1 };
	ret = visit->tmp ? mail_site_load(visit->tmp, dir, &visit->site, err) : error_memory(err);
	return ret == 0 ? mail_store_open(visit->site, dir, &visit->root, &visit->mail, err) : ret;
}

static void visit_end(struct visit *visit)
{
	if (visit->mail >= 0)
		close(visit->mail);
	if (visit->root >= 0)
		close(visit->root);
	talloc_free(visit->tmp);
}

int practice_mail_boxes(TALLOC_CTX *mem, const char *dir, struct mail_boxes *boxes,
	struct error *err)
{
	struct visit visit;
	int ret = visit_begin(&visit, dir, err);

	*boxes = (struct mail_boxes){ 0 };
	if (ret == 0) {
		*boxes = visit.site->boxes;
		/* They own their texts' room together. */
		talloc_steal(mem, visit.site);
		json_decref(visit.site->root);
		visit.site->root = NULL;
	}
	visit_end(&visit);
	return ret;
}

static int letter_check(const struct mail_letter *letter, struct error *err)
{
	if (!letter->from || !letter->to || !letter->subject || !letter->to[0])
		return error_set(err, TROUBLE_USAGE,
			_("A message needs a sender, a recipient and a subject."));
	if (strlen(letter->to) >= MAIL_LINE_MOST || strlen(letter->subject) >= MAIL_LINE_MOST ||
		(letter->text && strlen(letter->text) >= MAIL_TEXT_MOST))
		return error_set(err, TROUBLE_USAGE,
			_("The message is too long for a practice server: shorten its subject or its text."));
	return 0;
}

int practice_mail_send(const char *dir, const struct mail_letter *letter, int64_t now,
	struct error *err)
{
	struct visit visit;
	int ret = letter_check(letter, err);
	const struct mail_box *box;
	struct mail_item item = { .letter = *letter };
	char *sent = NULL, *out = NULL;

	if (ret < 0)
		return ret;
	ret = visit_begin(&visit, dir, err);
	box = ret == 0 ? mail_box_find(visit.site, letter->from) : NULL;
	if (ret == 0 && !box)
		ret = error_set(err, TROUBLE_NOT_THERE,
			_("There is no mailbox %s on this practice server."), letter->from);
	if (box) {
		item.letter.at = now + visit.site->clock;
		item.letter.report = false;
		sent = talloc_asprintf(visit.tmp, "%s/sent", mail_box_folder(visit.tmp, box));
		out = box->exchange
			? talloc_strdup(visit.tmp, "outbox")
			: talloc_asprintf(visit.tmp, "%.*s/outbox",
				  (int)(strrchr(box->address, '/') - box->address), box->address);
		if (!sent || !out)
			ret = error_memory(err);
		else if (!mail_item_put(visit.mail, sent, &item, item.letter.at) ||
			!mail_item_put(visit.mail, out, &item, item.letter.at))
			ret = error_set(err, TROUBLE_IO,
				_("The message cannot be put into %s/mail: make the folder writable."),
				dir);
	}
	visit_end(&visit);
	return ret;
}

static int letters_add(TALLOC_CTX *mem, const struct visit *visit, const char *path, bool sent,
	struct mail_letters *letters, struct error *err)
{
	const int folder = path ? mail_folder(visit->mail, path, 0) : -1;
	size_t count = 0;
	char **names = folder >= 0 ? mail_names(visit->tmp, folder, &count) : NULL;
	int ret = 0;

	for (size_t i = count > LETTERS_MOST ? count - LETTERS_MOST : 0; ret == 0 && i < count;
		i++) {
		struct mail_item *item = mail_item_get(mem, folder, names[i]);
		struct mail_letter *letter = item
			? memory_more(mem, &letters->letters, letters->count, sizeof *letter)
			: NULL;

		if (!item)
			continue;
		if (!letter) {
			ret = error_memory(err);
			continue;
		}
		*letter = item->letter;
		letter->sent = sent;
		letters->count++;
	}
	if (folder >= 0)
		close(folder);
	return ret;
}

static int letter_compare(const void *a, const void *b)
{
	const struct mail_letter *one = a, *other = b;

	return one->at < other->at ? -1 : one->at > other->at;
}

int practice_mail_read(TALLOC_CTX *mem, const char *dir, const struct mail_box *box,
	struct mail_letters *letters, struct error *err)
{
	const struct mail_box *ours;
	struct visit visit;
	char *folder;
	int ret = visit_begin(&visit, dir, err);

	*letters = (struct mail_letters){ 0 };
	ours = ret == 0 ? mail_box_find(visit.site, box->address) : NULL;
	if (ret == 0 && !ours)
		ret = error_set(err, TROUBLE_NOT_THERE,
			_("There is no mailbox %s on this practice server."), box->address);
	if (ret == 0) {
		folder = mail_box_folder(visit.tmp, ours);
		ret = letters_add(mem, &visit, folder, false, letters, err);
		if (ret == 0)
			ret = letters_add(mem, &visit,
				talloc_asprintf(visit.tmp, "%s/sent", folder), true, letters, err);
	}
	if (letters->count)
		qsort(letters->letters, letters->count, sizeof *letters->letters, letter_compare);
	visit_end(&visit);
	return ret;
}
