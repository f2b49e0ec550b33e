/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailboxes of a practice server: what practice.json says of them, letters in files. */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "practice/mail_parts.h"

enum { OLD_LETTERS = 2, NUMBER_TRIES = 16, DAY_S = 86400 };

/* ---- practice.json ---- */

static int site_free(struct mail_site *site)
{
	json_decref(site->root);
	return 0;
}

/* A name of MS Mail: it becomes the name of a folder. */
static bool name_ok(const char *text, size_t len)
{
	if (len == 0 || len > 10)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= '0' && text[i] <= '9')))
			return false;
	return true;
}

/* "NET1/PO1". */
static bool postoffice_ok(const char *text)
{
	const size_t network = strcspn(text, "/");

	return text[network] == '/' && name_ok(text, network) &&
		name_ok(text + network + 1, strlen(text + network + 1));
}

static enum mail_flow flow_parse(const char *word)
{
	static const char *const words[] = { [FLOW_FLOWS] = "flows",
		[FLOW_STUCK] = "stuck",
		[FLOW_REPORT] = "report",
		[FLOW_OTHER_SENDER] = "other-sender",
		[FLOW_SLOW] = "slow" };
	const size_t number = text_number(words, ARRAY_SIZE(words), word);

	return number < ARRAY_SIZE(words) ? (enum mail_flow)number : FLOW_FLOWS;
}

static bool routes_read(struct mail_site *site)
{
	json_t *mail = json_object_get(site->root, "mail"), *flow;
	const char *name;

	json_object_foreach (mail, name, flow) {
		struct mail_route *route =
			memory_more(site, &site->routes, site->route_count, sizeof *site->routes);

		if (!route || site->route_count >= MAIL_BOXES_MOST)
			return false;
		*route = (struct mail_route){ talloc_strdup(site, name),
			flow_parse(json_string_value(json_object_get(flow, "out"))),
			flow_parse(json_string_value(json_object_get(flow, "in"))) };
		site->route_count++;
	}
	return true;
}

static bool posts_read(struct mail_site *site)
{
	json_t *posts = json_object_get(site->root, "postoffices"), *post;
	const char *address, *pcmta, *bag;
	size_t i;

	json_array_foreach (posts, i, post) {
		struct mail_postoffice *to =
			memory_more(site, &site->posts, site->post_count, sizeof *site->posts);

		if (!to || site->post_count >= MAIL_BOXES_MOST ||
			json_unpack(post, "{s:s, s:s, s:s}", "address", &address, "pcmta", &pcmta,
				"bag", &bag) != 0 ||
			!postoffice_ok(address) || !name_ok(bag, strlen(bag)))
			return false;
		*to = (struct mail_postoffice){ talloc_strdup(site, address),
			talloc_strdup(site, bag), 0 };
		while (to->route < site->route_count &&
			strcmp(site->routes[to->route].name, pcmta) != 0)
			to->route++;
		if (to->route == site->route_count)
			return false;
		site->post_count++;
	}
	return true;
}

static bool boxes_read(struct mail_site *site)
{
	json_t *boxes = json_object_get(site->root, "boxes"), *row;
	const char *name, *shown, *postoffice, *pcmta;
	size_t i;

	json_array_foreach (boxes, i, row) {
		struct mail_box *box = memory_more(site, &site->boxes.boxes, site->boxes.count,
			sizeof *site->boxes.boxes);

		pcmta = NULL;
		if (!box || site->boxes.count >= MAIL_BOXES_MOST ||
			json_unpack(row, "{s:s, s:s, s:s, s?s}", "name", &name, "shown", &shown,
				"postoffice", &postoffice, "pcmta", &pcmta) != 0 ||
			!name_ok(name, strlen(name)) || !postoffice_ok(postoffice))
			return false;
		*box = (struct mail_box){ .name = talloc_strdup(site, name),
			.address = talloc_asprintf(site, "%s/%s", postoffice, name),
			.shown = talloc_strdup(site, shown),
			.exchange = strcmp(postoffice, site->exchange) == 0,
			.pcmta = pcmta ? talloc_strdup(site, pcmta) : NULL };
		site->boxes.count++;
	}
	return true;
}

static bool site_read(struct mail_site *site)
{
	const char *dn, *exchange, *server;
	json_int_t seed, clock = 0, last;
	int diagnostics = 0;

	if (json_unpack(site->root, "{s:I, s?I, s?b, s:{s:s, s:s, s:s, s:I}}", "seed", &seed,
		    "clock", &clock, "diagnostics", &diagnostics, "site", "dn", &dn, "exchange",
		    &exchange, "server", &server, "last", &last) != 0 ||
		!postoffice_ok(exchange))
		return false;
	site->dn = talloc_strdup(site, dn);
	site->exchange = talloc_strdup(site, exchange);
	site->server = talloc_strdup(site, server);
	site->seed = (uint64_t)seed;
	/* More than a century is no clock. */
	site->clock = llabs(clock) < INT64_C(100) * 366 * DAY_S ? clock : 0;
	site->last = last;
	site->diagnostics = diagnostics != 0;
	return site->dn && site->exchange && site->server && routes_read(site) &&
		posts_read(site) && boxes_read(site);
}

int mail_site_load(TALLOC_CTX *mem, const char *dir, struct mail_site **out, struct error *err)
{
	struct mail_site *site = talloc_zero(mem, struct mail_site);
	int ret = site ? practice_json_load(dir, &site->root, err) : error_memory(err);

	if (ret == 0) {
		talloc_set_destructor(site, site_free);
		if (!site_read(site))
			ret = error_set(err, TROUBLE_RECORD_DAMAGED,
				_("%s/practice.json does not say who has mailboxes: build the practice server again."),
				dir);
	}
	if (ret < 0)
		TALLOC_FREE(site);
	*out = site;
	return ret;
}

const struct mail_box *mail_box_find(const struct mail_site *site, const char *address)
{
	for (size_t i = 0; i < site->boxes.count; i++)
		if (text_equal(site->boxes.boxes[i].address, address))
			return &site->boxes.boxes[i];
	return NULL;
}

const struct mail_postoffice *mail_post_find(const struct mail_site *site, const char *address)
{
	for (size_t i = 0; i < site->post_count; i++) {
		const size_t len = strlen(site->posts[i].address);

		if (strlen(address) > len && address[len] == '/' &&
			text_equal_n(site->posts[i].address, address, len))
			return &site->posts[i];
	}
	return NULL;
}

/* ---- Letters ---- */

static char *line_of(TALLOC_CTX *mem, const char *text, size_t len)
{
	char *line = talloc_strndup(mem, text, len < MAIL_LINE_MOST ? len : MAIL_LINE_MOST);

	for (char *p = line; p && *p; p++)
		*p = *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p;
	return line;
}

static void head_line(struct mail_item *item, const char *line, size_t len)
{
	struct {
		const char *word;
		char **to;
	} const words[] = { { "from: ", &item->letter.from }, { "to: ", &item->letter.to },
		{ "subject: ", &item->letter.subject }, { "id: ", &item->id } };

	if (len > 4 && memcmp(line, "at: ", 4) == 0)
		item->letter.at = strtoll(line + 4, NULL, 10);
	if (len >= 11 && memcmp(line, "report: yes", 11) == 0)
		item->letter.report = true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const size_t word = strlen(words[i].word);

		if (len >= word && memcmp(line, words[i].word, word) == 0)
			*words[i].to = line_of(item, line + word, len - word);
	}
}

struct mail_item *mail_item_parse(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	struct mail_item *item = talloc_zero(mem, struct mail_item);
	char *text = item && !memchr(bytes, '\0', len)
		? talloc_strndup(item, (const char *)bytes, len)
		: NULL;

	while (text && *text && *text != '\n') {
		const size_t line = strcspn(text, "\n");

		head_line(item, text, line);
		text += line + (text[line] == '\n');
	}
	if (!text || *text != '\n' || !item->letter.from || !item->letter.to ||
		!item->letter.subject) {
		talloc_free(item);
		return NULL;
	}
	item->letter.text = talloc_strndup(item, text + 1, MAIL_TEXT_MOST);
	return item;
}

char *mail_item_text(TALLOC_CTX *mem, const struct mail_item *item)
{
	const struct mail_letter *letter = &item->letter;
	TALLOC_CTX *tmp = talloc_new(mem);
	char *from = line_of(tmp, letter->from, strlen(letter->from)),
	     *to = line_of(tmp, letter->to, strlen(letter->to)),
	     *subject = line_of(tmp, letter->subject, strlen(letter->subject)), *text = NULL;

	if (from && to && subject)
		text = talloc_asprintf(mem,
			"from: %s\nto: %s\nsubject: %s\nat: %lld\n%s%s%s%s\n%.*s", from, to,
			subject, (long long)letter->at, letter->report ? "report: yes\n" : "",
			item->id ? "id: " : "", item->id ? item->id : "", item->id ? "\n" : "",
			MAIL_TEXT_MOST, letter->text ? letter->text : "");
	talloc_free(tmp);
	return text;
}

struct mail_item *mail_item_get(TALLOC_CTX *mem, int folder, const char *name)
{
	size_t len = 0;
	int64_t mtime = 0;
	uint8_t *bytes = text_ends(name, ".msg")
		? mail_get(mem, folder, name, MAIL_FILE_MOST, &len, &mtime)
		: NULL;
	struct mail_item *item = bytes ? mail_item_parse(mem, bytes, len) : NULL;

	if (item) {
		item->name = talloc_strdup(item, name);
		item->mtime = mtime;
	}
	return item && item->name ? item : NULL;
}

/* One more than the largest there. */
static unsigned number_next(TALLOC_CTX *mem, int folder)
{
	size_t count = 0;
	char **names = mail_names(mem, folder, &count);
	unsigned long most = 0;

	for (size_t i = 0; i < count; i++) {
		const unsigned long number = strtoul(names[i], NULL, 16);

		if (strlen(names[i]) == 12 && number > most)
			most = number;
	}
	return (unsigned)most + 1;
}

bool mail_item_put(int mail, const char *path, const struct mail_item *item, int64_t at)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *text = mail_item_text(tmp, item);
	const int folder = mail_folder(mail, path, FOLDER_MAKE);
	const unsigned number = folder >= 0 ? number_next(tmp, folder) : 0;
	bool done = false;

	/* The program that sends and the connector may both be here. */
	for (unsigned i = 0; text && folder >= 0 && !done && i < NUMBER_TRIES; i++) {
		char name[16];

		snprintf(name, sizeof name, "%08X.msg", number + i);
		done = mail_put(mail, folder, name, text, strlen(text), at, false);
	}
	file_shut(folder);
	talloc_free(tmp);
	return done;
}

char *mail_box_folder(TALLOC_CTX *mem, const struct mail_box *box)
{
	return box->exchange ? talloc_asprintf(mem, "exchange/%s", box->name)
			     : talloc_strdup(mem, box->address);
}

/* ---- The folder of it all ---- */

static bool old_letter(const struct mail_site *site, int mail, size_t to, unsigned number)
{
	const struct mail_box *box = &site->boxes.boxes[to];
	const struct mail_box *from =
		&site->boxes.boxes[(to + 1 +
					   practice_draw(site->seed + number, box->address,
						   site->boxes.count - 1)) %
			site->boxes.count];
	const int64_t at = site->last - (int64_t)(OLD_LETTERS - number) * DAY_S -
		(int64_t)practice_draw(site->seed + number, box->name, 7200);
	char *folder = mail_box_folder(NULL, box);
	struct mail_item item = {
		.letter = { .from = from->address, .to = box->address, .at = at }
	};
	bool done;

	item.letter.subject =
		talloc_strdup(folder, practice_subject(site->seed + number, box->shown));
	item.letter.text = talloc_asprintf(folder, "As we said.\n\n%s\n", from->shown);
	done = folder && item.letter.subject && item.letter.text &&
		mail_item_put(mail, folder, &item, at);
	talloc_free(folder);
	return done;
}

/* Filled under another name: two programs may begin at once, and one of them is enough. */
static void store_make(const struct mail_site *site, const char *dir, int root)
{
	char *path = talloc_asprintf(NULL, "%s/mail.new-%ld", dir, (long)getpid());
	const char *name = path ? strrchr(path, '/') + 1 : "";
	const int mail = path ? mail_folder(root, name, FOLDER_MAKE) : -1;
	bool done = mail >= 0;

	for (size_t i = 0; done && i < site->boxes.count; i++)
		for (unsigned number = 0; done && number < OLD_LETTERS; number++)
			done = old_letter(site, mail, i, number);
	file_shut(mail);
	if (path && (!done || renameat(root, name, root, "mail") < 0))
		(void)practice_remove(path);
	talloc_free(path);
}

int mail_store_open(const struct mail_site *site, const char *dir, int *root, int *mail,
	struct error *err)
{
	*mail = -1;
	*root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*root >= 0)
		*mail = mail_folder(*root, "mail", 0);
	if (*root >= 0 && *mail < 0) {
		store_make(site, dir, *root);
		*mail = mail_folder(*root, "mail", 0);
	}
	if (*mail >= 0)
		return 0;
	if (*root >= 0)
		close(*root);
	*root = -1;
	return error_set(err, TROUBLE_IO,
		_("The mailboxes of the practice server cannot be opened in %s/mail: make the folder writable, or build the server again."),
		dir);
}
