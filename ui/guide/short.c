/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/guide/short.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

static const char *file_short(struct page *page, const struct file_fact *file, bool version)
{
	char text[24];

	if (!file->present)
		return _("not there");
	if (!version || !file->has_version)
		return page_text(page, _("%llu bytes"), (unsigned long long)file->size);
	pe_version_text(&file->version, text);
	return page_text(page, "%s", text);
}

/* The drives that a text names: "C:", "C: E:"; NULL for none. */
static const char *drives_of(struct page *page, const char *text)
{
	char *drives = NULL;

	for (const char *at = text; *at != '\0'; at++) {
		bool drive = isalpha((unsigned char)at[0]) && at[1] == ':' &&
			(at == text || !isalnum((unsigned char)at[-1]));
		char name[] = { (char)toupper((unsigned char)at[0]), ':', '\0' };

		if (drive && (!drives || !strstr(drives, name)))
			drives = page_text(page, "%s%s%s", drives ? drives : "", drives ? " " : "",
				name);
	}
	return drives;
}

/* NULL where there is nothing. */
static const char *side_text(struct page *page, enum finding_kind kind, const struct side *side)
{
	if (kind == KIND_SHARE)
		return side->share.path;
	return kind == KIND_VALUE && side->value.data ? regdata_text(page, side->value.data, 4096)
						      : NULL;
}

const char *side_short(struct page *page, enum finding_kind kind, const struct side *side)
{
	const char *text, *drives;

	if (kind == KIND_FILE)
		return file_short(page, &side->file, true);
	text = side_text(page, kind, side);
	drives = text ? drives_of(page, text) : NULL;
	return !text ? _("not there") : drives ? drives : _("no drive");
}

void sides_short(struct page *page, enum finding_kind kind, const struct side *before,
	const struct side *after, const char *text[2])
{
	bool files = kind == KIND_FILE;

	text[0] = side_short(page, kind, before);
	text[1] = side_short(page, kind, after);
	/* Of two files the sizes are compared where only one has a version, or both the same. */
	if (files && before->file.present && after->file.present &&
		(before->file.has_version != after->file.has_version ||
			strcmp(text[0], text[1]) == 0)) {
		text[0] = file_short(page, &before->file, false);
		text[1] = file_short(page, &after->file, false);
	}
	if (strcmp(text[0], text[1]) != 0)
		return;
	text[0] = files ? _("as here") : _("default");
	text[1] = files ? _("setup's") : _("relocated");
}

static const char *value_short(struct page *page, const struct value_fact *value)
{
	const char *services = strstr(value->key, "\\Services\\");

	return page_text(page, "%s, %s",
		page_shown(page, services ? services + strlen("\\Services\\") : value->key),
		page_shown(page, value->name));
}

const char *name_short(struct page *page, enum finding_kind kind, const char *name,
	const struct side *side)
{
	if (kind == KIND_VALUE && side->value.key)
		return value_short(page, &side->value);
	return page_shown(page, name && strncmp(name, "Bin\\", 4) == 0 ? name + 4 : name);
}
