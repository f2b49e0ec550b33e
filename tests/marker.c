/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/marker.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define OLD "C:\\exchsrvr\\connect\\msmcon"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Without regard to the case of letters, which is that of whoever wrote the value. */
static bool names_old(const char *text)
{
	for (; *text; text++)
		if (strncasecmp(text, OLD, strlen(OLD)) == 0)
			return true;
	return strcasestr(text, "%SystemDrive%\\exchsrvr\\connect\\msmcon") != NULL;
}

/* "E: Bin: 5.5.1960.4" against all of setup's, which are of one build, but for those that both
 * have. */
static const char *file_says(const struct page *page, const char *subject)
{
	const char *version = subject + strlen("E: Bin: ");
	int build = 0, setup = 0;

	if (begins(subject, "C:"))
		return "right";
	if (strcmp(version, "not there") == 0)
		return "missing";
	for (size_t i = 0; i < page->row_count; i++) {
		const char *other = page->rows[i].cells[1];

		if (!begins(other, "C: Bin: "))
			continue;
		if (strcmp(other + strlen("C: Bin: "), version) == 0)
			return "right";
		sscanf(other, "C: Bin: 5.5.%d.", &setup);
	}
	if (sscanf(version, "5.5.%d.", &build) != 1)
		return "right";
	return build < setup ? "older" : build > setup ? "newer" : "right";
}

const char *marker_says(const struct page *page, const struct row *row)
{
	const char *subject = row->cells[1], *fact = row->cells[2];

	if (begins(row->id, "registry/"))
		return begins(fact, "(") ? "missing" : names_old(fact) ? "old-drive" : "right";
	if (begins(row->id, "share/"))
		return begins(fact, "(") ? "missing" : names_old(fact) ? "old-drive" : "right";
	if (begins(row->id, "files/"))
		return file_says(page, subject);
	if (begins(row->id, "service/") && strstr(fact, "disabled") != NULL)
		return "stopped";
	if (begins(row->id, "service/") && strcmp(subject, "LanmanServer") != 0 &&
		strstr(fact, "LocalSystem") != NULL)
		return "account";
	return "right";
}

void marker_reply(const struct page *page, struct reply *reply)
{
	for (size_t i = 0; i < page->row_count; i++) {
		if (page->rows[i].decide == NULL || page->rows[i].decided != NULL)
			continue;
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->rows[i].decide->id,
			.answer = marker_says(page, &page->rows[i]),
			.cursor = i };
		return;
	}
	*reply = (struct reply){ .kind = REPLY_ACTION, .id = page->actions[0].id };
}
