/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a change on record is one that this program makes, whoever wrote the record. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/sharedef.h"
#include "repair/change.h"

/* ---- where a path leads ---- */

/* Whether a name of a path stands for this one, by its 8.3 form too (Q147224). */
static bool name_is(TALLOC_CTX *mem, const char *part, const char *name)
{
	const char *tilde = strchr(part, '~'),
		   *shortened = tilde ? path_short_guess(mem, name) : NULL;
	size_t len = tilde ? (size_t)(tilde - part) : 0;

	return text_equal(part, name) ||
		(shortened && path_is_short(part) && text_equal_n(part, shortened, len + 1));
}

/* Whether it is folder or lies below it. */
static bool leads_below(TALLOC_CTX *mem, const char *path, const char *folder)
{
	size_t parts = folder ? path_parts(folder) : 0;
	bool below = parts && (path = path ? path_normal(mem, path) : NULL) &&
		path_parts(path) >= parts && text_equal_n(path, folder, 1);

	for (size_t i = 0; below && i < parts; i++)
		below = name_is(mem, path_part(mem, path, i), path_part(mem, folder, i));
	return below;
}

/* ---- values ---- */

/* The entry of the article that a value below Services is; NULL if it is none of them. */
static const struct article_entry *entry_of(TALLOC_CTX *mem, const struct survey *survey,
	const char *below, const char *value)
{
	size_t count;
	const struct article_entry *rows = article_entries(&count);

	for (size_t i = 0; i < count; i++) {
		bool each = rows[i].flags & ARTICLE_EACH_PCMTA,
		     named = text_equal(value, rows[i].value);

		for (size_t k = 0; named && k < (each ? survey->pcmta_count : 1); k++) {
			char *key = article_key(mem, &rows[i], each ? survey->pcmtas[k].name : "");

			if (key && text_equal(key, below))
				return &rows[i];
		}
	}
	return NULL;
}

/* The id follows from key and name; it is not believed, but made again. */
static bool id_is(TALLOC_CTX *mem, const struct change *change, const char *below)
{
	char *coded =
		text_percent(mem, talloc_asprintf(mem, "%s\\%s", below, change->before.value.name));
	char *id = talloc_asprintf(mem, "registry/%s", coded ? coded : "");

	return id && !strcmp(id, change->id);
}

/* The article's entry that a change is about, NULL if it is about none. */
static const struct article_entry *entry_changed(TALLOC_CTX *mem, const struct survey *survey,
	const struct change *change)
{
	const struct value_fact *before = &change->before.value, *after = &change->after.value;
	char *services = talloc_asprintf(mem, "SYSTEM\\%s\\Services\\", survey->control_set);
	const char *below = services && text_equal_n(before->key, services, strlen(services))
		? before->key + strlen(services)
		: NULL;

	return below && text_equal(before->key, after->key) &&
			text_equal(before->name, after->name) && id_is(mem, change, below)
		? entry_of(mem, survey, below, before->name)
		: NULL;
}

/* Every path of the value, or the share, led into one of the two Msmcon. */
static bool value_plain(TALLOC_CTX *mem, const struct survey *survey, const struct reg_data *data,
	enum path_form form)
{
	char *text = data ? regdata_string(mem, data) : NULL;
	size_t count = 0;
	struct path_span *spans =
		text ? path_spans(mem, text, form, survey_variables(survey, data), &count) : NULL;
	bool plain = spans && count;

	for (size_t i = 0; plain && i < count; i++)
		plain = leads_below(mem, spans[i].full, survey->default_msmcon) ||
			leads_below(mem, spans[i].full, survey->relocated_msmcon);
	return plain;
}

/* As far as it is asked whether it may become something else. */
static struct finding finding_of(const struct change *change, const struct article_entry *entry)
{
	return (struct finding){ .id = change->id,
		.kind = KIND_VALUE,
		.entry = entry ? entry->number : 0,
		.form = entry ? entry->form : PATH_PLAIN,
		.before = change->before };
}

static const char *value_misfit(TALLOC_CTX *mem, const struct survey *survey,
	const struct change *change, bool alone)
{
	const struct article_entry *entry = entry_changed(mem, survey, change);
	struct finding finding = finding_of(change, entry);

	if (!entry)
		return N_("it is no value of the article, or of no PC MTA of this server");
	if (plan_value_allowed(survey, &finding, change->after.value.data, NULL))
		return N_(
			"it would lead elsewhere than into the relocated Msmcon, or change more than a path");
	return alone && !value_plain(mem, survey, change->before.value.data, entry->form)
		? N_("only the record tells what was there before, and that led to neither Msmcon")
		: NULL;
}

int change_names(struct server *server, const struct survey *survey, const struct change *change,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	bool value = change->kind == KIND_VALUE;
	struct finding finding =
		finding_of(change, value ? entry_changed(tmp, survey, change) : NULL);
	int ret = value && finding.entry
		? plan_edit_allowed(server, survey, &finding, change->after.value.data, err)
		: 0;

	talloc_free(tmp);
	return ret;
}

/* ---- the share ---- */

/* A definition says where the share leads; the path beside it is only shown. */
static bool leads_to(TALLOC_CTX *mem, const struct share_fact *share, const char *msmcon)
{
	char *maildata = path_join(mem, msmcon, "Maildata");
	char *path =
		share->definition ? sharedef_field(mem, share->definition, "Path") : share->path;

	return leads_below(mem, path, maildata) && path_parts(path) == path_parts(maildata) &&
		leads_below(mem, share->path, maildata);
}

/* On a running server, that has no definition to show: the remark and the descriptor stay. */
static bool share_kept(const struct share_fact *before, const struct share_fact *after)
{
	return !after->definition && before->remark && after->remark &&
		strcmp(before->remark, after->remark) == 0 &&
		regdata_equal(before->security, after->security);
}

/* Only the path of a share that is there changes. */
static bool share_defined(TALLOC_CTX *mem, const struct share_fact *before,
	const struct share_fact *after)
{
	const struct reg_data *was = before->definition, *is = after->definition;

	if (!before->path)
		return !is || sharedef_usable(mem, is);
	if (!was)
		return share_kept(before, after);
	was = sharedef_with_path(mem, was, after->path);
	return was && is && regdata_equal(was, is) && !after->security &&
		text_equal(before->path, sharedef_field(mem, before->definition, "Path"));
}

static const char *share_misfit(TALLOC_CTX *mem, const struct survey *survey,
	const struct change *change, bool alone)
{
	const struct share_fact *before = &change->before.share, *after = &change->after.share;

	if (strcmp(change->id, "share/" ARTICLE_SHARE) != 0 ||
		!text_equal(change->target, ARTICLE_SHARE) || !after->path ||
		!leads_to(mem, after, survey->relocated_msmcon) ||
		!share_defined(mem, before, after))
		return N_(
			"it would not lead to the relocated Maildata, or change more than the path");
	return alone && before->path && !leads_to(mem, before, survey->default_msmcon)
		? N_("only the record tells what was there before, and that led to neither Msmcon")
		: NULL;
}

struct value_fact change_registry(TALLOC_CTX *mem, const struct survey *survey,
	const struct change *change)
{
	const struct share_fact *share = &change->before.share;

	if (change->kind != KIND_SHARE)
		return change->before.value;
	/* What only a running server knows stands in no file. */
	return (struct value_fact){ .key = share->path && !share->definition
			? NULL
			: talloc_asprintf(mem, "SYSTEM\\%s\\Services\\LanmanServer\\Shares",
				  survey->control_set),
		.name = change->target,
		.data = share->definition };
}

const char *change_misfit(const struct survey *survey, const struct change *change, bool alone)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *why = change->kind == KIND_VALUE ? value_misfit(tmp, survey, change, alone)
						     : share_misfit(tmp, survey, change, alone);

	talloc_free(tmp);
	return why;
}
