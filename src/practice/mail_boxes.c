/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailboxes at both ends of a practice server. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "practice/mail_parts.h"

enum { LETTERS_MOST = 1000 };

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
	file_shut(visit->mail);
	file_shut(visit->root);
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
	file_shut(folder);
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
