/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/reached.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "record/journal.h"

enum { PORT_LAST = 65535 };

/* ---- on record ---- */

void reached_record(const struct server_reached *reached, json_t *fields)
{
	if (reached->disks)
		json_object_set_new(fields, "disks", json_path(reached->disks));
	if (reached->image)
		json_object_set_new(fields, "image", json_path(reached->image));
	if (reached->letters)
		json_object_set_new(fields, "letters", json_path(reached->letters));
	if (reached->overlay)
		json_object_set_new(fields, "overlay", json_path(reached->overlay));
	if (reached->nt_folder)
		json_object_set_new(fields, "nt", json_path(reached->nt_folder));
	if (reached->practice)
		json_object_set_new(fields, "practice", json_path(reached->practice));
	if (!reached->host)
		return;
	json_object_set_new(fields, "host", json_path(reached->host));
	if (reached->user)
		json_object_set_new(fields, "user", json_path(reached->user));
	if (reached->dialect)
		json_object_set_new(fields, "dialect", json_path(reached->dialect));
	if (reached->port)
		json_object_set_new(fields, "port", json_integer((json_int_t)reached->port));
	if (reached->nt4)
		json_object_set_new(fields, "nt4", json_true());
}

/* 0 for what is no port. */
static unsigned port_of(const json_t *entry)
{
	json_int_t port = json_integer_value(json_object_get(entry, "port"));

	return port > 0 && port <= PORT_LAST ? (unsigned)port : 0;
}

/* What begins with a dash would be an option where it is printed as a command. */
static char *word_of(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	char *word = path_of_json(mem, entry, member);

	return word && *word && *word != '-' ? word : NULL;
}

bool reached_read(TALLOC_CTX *mem, const json_t *entry, struct server_reached *reached)
{
	*reached = (struct server_reached){
		.disks = path_of_json(mem, entry, "disks"),
		.image = path_of_json(mem, entry, "image"),
		.letters = path_of_json(mem, entry, "letters"),
		.overlay = path_of_json(mem, entry, "overlay"),
		.nt_folder = path_of_json(mem, entry, "nt"),
		.practice = path_of_json(mem, entry, "practice"),
		.host = word_of(mem, entry, "host"),
		.user = word_of(mem, entry, "user"),
		.dialect = path_of_json(mem, entry, "dialect"),
		.port = port_of(entry),
		.nt4 = json_is_true(json_object_get(entry, "nt4")),
	};
	return reached_said(reached);
}

bool reached_said(const struct server_reached *reached)
{
	return reached->disks || reached->image || reached->practice || reached->host;
}

/* ---- the drives of "C=/mnt/c,E=/mnt/e" ---- */

/* The next one: its letter and its folder; '\0' behind the last. */
static char drive_next(TALLOC_CTX *mem, const char **rest, char **folder)
{
	const char *from = *rest;
	char letter = *from;

	if (letter == '\0' || from[1] != '=')
		return '\0';
	from += 2;
	*folder = text_item(mem, &from);
	*rest = from;
	return *folder ? letter : '\0';
}

char *reached_absolute(TALLOC_CTX *mem, const char *disks)
{
	char *here = getcwd(NULL, 0), *folder, *text = talloc_strdup(mem, "");
	const char *rest = disks;
	char letter;

	while ((letter = drive_next(mem, &rest, &folder)) != '\0') {
		text = talloc_asprintf_append(text, "%s%c=", text && *text ? "," : "", letter);
		if (*folder != '/' && here)
			text = text_item_add(text_item_add(text, here), "/");
		text = text_item_add(text, folder);
		talloc_free(folder);
	}
	free(here);
	/* What is none is as it was: whoever opens it says so. */
	return *rest != '\0' ? talloc_strdup(mem, disks) : text;
}

/* "a", "a and b", "a, b and c": one more, that is the last or not. */
static char *list_add(TALLOC_CTX *mem, char *list, const char *item, bool last)
{
	if (!list)
		return talloc_strdup(mem, item);
	return last ? talloc_asprintf(mem, _("%s and %s"), list, item)
		    : talloc_asprintf(mem, _("%s, %s"), list, item);
}

static char *image_needs(TALLOC_CTX *mem, const char *rest)
{
	char *list = NULL, *file;
	size_t count = 0;

	for (; *rest != '\0' && (file = text_item(mem, &rest)); count++)
		list = list_add(mem, list, text_shown(mem, file), *rest == '\0');
	return talloc_asprintf(mem, P_("disk image %s", "disk images %s", count), list ? list : "");
}

char *reached_needs(TALLOC_CTX *mem, const struct server_reached *reached)
{
	const char *rest = reached && reached->disks ? reached->disks : "";
	char *letters = NULL, *folders = NULL, *folder;
	char letter;

	if (reached && reached->practice)
		return talloc_asprintf(mem, _("its practice server (it was in %s)"),
			text_shown(mem, reached->practice));
	if (reached && reached->host)
		return talloc_asprintf(mem, _("the running server %s"),
			text_shown(mem, reached->host));
	if (reached && reached->image)
		return image_needs(mem, reached->image);
	while ((letter = drive_next(mem, &rest, &folder)) != '\0') {
		char *name = text_shown(mem, talloc_asprintf(mem, "%c:", letter));

		letters = list_add(mem, letters, name, *rest == '\0');
		folders = list_add(mem, folders, text_shown(mem, folder), *rest == '\0');
	}
	return letters ? talloc_asprintf(mem, _("volumes %s (they were at %s)"), letters, folders)
		       : talloc_strdup(mem, _("the volumes of its server"));
}

/* ---- for a shell ---- */

/* Said as it is where no shell could take it for something else. */
char *reached_word(TALLOC_CTX *mem, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_@%+=:,./-";
	const char *shown = text_shown(mem, word);
	char *text;

	if (shown && *shown != '\0' && strspn(shown, plain) == strlen(shown))
		return talloc_strdup(mem, shown);
	text = talloc_strdup(mem, "'");
	for (; text && shown && *shown != '\0'; shown++)
		text = talloc_asprintf_append(text, *shown == '\'' ? "'\\''" : "%c", *shown);
	return talloc_strdup_append(text, "'");
}

static char *option_add(char *text, const char *option, const char *word)
{
	return word && text
		? talloc_asprintf_append(text, " %s%s", option, reached_word(text, word))
		: text;
}

/* The password is asked for again. */
static char *host_add(char *text, const struct server_reached *reached)
{
	if (!reached->host)
		return text;
	text = option_add(text, "--host ", reached->host);
	text = option_add(text, "--user ", reached->user);
	if (text && reached->port)
		text = talloc_asprintf_append(text, " --port %u", reached->port);
	return text && reached->nt4 ? talloc_strdup_append(text, " --nt4") : text;
}

/* NULL where it is the one that is taken by itself. */
static const char *runs_named(TALLOC_CTX *mem, const char *runs)
{
	char *place;
	bool by_hand;

	return runs &&
			(runs_place(mem, NULL, &place, &by_hand, NULL) != 0 ||
				strcmp(place, runs) != 0)
		? runs
		: NULL;
}

char *reached_command(TALLOC_CTX *mem, const struct server_reached *reached, const char *runs,
	const char *command, const char *run)
{
	char *text = talloc_strdup(mem, text_call());

	if (reached) {
		text = option_add(text, "--disks ", reached->disks);
		text = option_add(text, "--image ", reached->image);
		text = option_add(text, "--letters ", reached->letters);
		text = option_add(text, "--overlay ", reached->overlay);
		text = option_add(text, "--nt ", reached->nt_folder);
		text = option_add(text, "--practice=", reached->practice);
		text = host_add(text, reached);
	}
	text = option_add(text, "--runs ", runs_named(text, runs));
	text = talloc_asprintf_append(text, " %s", command);
	return option_add(text, "", run);
}

char *reached_signed(char *line, const char *command, const char *operator_name, const char *server)
{
	const bool commit = strcmp(command, "commit") == 0;

	if (!commit && strcmp(command, "keep") != 0 && strcmp(command, "drop") != 0)
		return line;
	line = option_add(line, "--operator ", operator_name ? operator_name : "NAME");
	line = line ? talloc_strdup_append(line, " --yes") : NULL;
	return commit ? option_add(line, "--server ", server) : line;
}

static char *files_said(TALLOC_CTX *mem, const json_t *files)
{
	char *text = talloc_strdup(mem, "");
	const json_t *file;
	size_t i;

	json_array_foreach (files, i, file) {
		char *path = path_of_json(mem, file, "path");

		text = path ? text_item_add(talloc_strdup_append(text, i ? "," : ""), path) : NULL;
	}
	return text && *text ? text : NULL;
}

char *reached_kept(TALLOC_CTX *mem, const struct journal *journal)
{
	const json_t *begun = NULL, *kept = NULL;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_OVERLAY) && entry_says(entry, "state", "begun"))
			begun = entry;
		if (entry_is(entry, JOURNAL_OVERLAY) && entry_says(entry, "end", "keep"))
			kept = begun;
	}
	return files_said(mem, json_object_get(kept, "files"));
}

char *reached_check(TALLOC_CTX *mem, const struct journal *journal, const char *runs)
{
	char *kept = reached_kept(mem, journal);
	struct server_reached reached;

	if (!reached_read(mem, journal_last(journal, JOURNAL_RUN), &reached))
		reached.disks = REACHED_UNKNOWN;
	if (kept)
		reached.image = kept;
	return reached_command(mem, &reached, runs, "check", NULL);
}
