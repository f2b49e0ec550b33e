/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a report stands on besides the journal. A part that cannot be read is said, never left
 * out. */
#include <string.h>

#include "base/digest.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "report/report_internal.h"

enum { PART_LIMIT = 256 << 20 };

int report_unread(struct report *report, int ret, const struct error *why, struct error *err)
{
	if (!ret)
		return 0;
	if (ret == -TROUBLE_MEMORY)
		return error_pass(err, why);
	json_object_set_new(report->words, error_record(why), json_string(why->text));
	return memory_more_text(report, &report->unread, &report->unread_count,
		       talloc_strdup(report, error_record(why)))
		? 0
		: error_memory(err);
}

/* Each run begins with an entry; a line that a power cut tore is none. */
int report_journal(struct report *report, struct error *err)
{
	struct error why;
	int ret = 0;

	if (!journal_count(report->journal))
		ret = error_set(&why, TROUBLE_RECORD_DAMAGED,
			_("The journal is not there, or nothing is in it."));
	else if (journal_torn(report->journal))
		ret = error_set(&why, TROUBLE_RECORD_DAMAGED,
			_("The last line of the journal was not written to its end."));
	return report_unread(report, ret, &why, err);
}

/* The survey of the end where the journal has one, else that of the beginning. */
int report_survey(struct report *report, struct runfolder *run, struct error *err)
{
	const char *place = report->surveyed ? REPORT_SURVEY : "plan.json";

	if (!report->surveyed && !journal_last(report->journal, JOURNAL_BEGUN) &&
		runfolder_size(run, place) < 0)
		return 0;
	if (runfolder_read_json(run, place, &report->survey, err))
		return -(int)err->trouble;
	if (json_is_array(json_object_get(report->survey, "rows")))
		return 0;
	json_decref(report->survey);
	report->survey = NULL;
	return error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of run %s is damaged."), place,
		runfolder_name(run));
}

bool report_backup_kept(const struct report *report)
{
	for (size_t i = 0; i < report->change_count; i++)
		if (report->changes[i].step == STEP_BACKUP &&
			report->changes[i].result == RESULT_VERIFIED)
			return true;
	return false;
}

/* What is said to be kept is there; sum: and is what was saved (NULL: not on record). */
static int kept_read(struct report *report, struct runfolder *run, const char *rel, const char *sum,
	struct error *err)
{
	struct error why;
	struct digest digest;
	uint8_t *bytes;
	size_t len;
	char hex[65];
	int ret = rel ? runfolder_read(run, report, rel, PART_LIMIT, &bytes, &len, &why)
		      : error_memory(&why);

	if (!ret && sum) {
		digest = digest_of(bytes, len);
		digest_text(&digest, hex);
		if (strcmp(hex, sum) != 0)
			ret = error_set(&why, TROUBLE_RECORD_DAMAGED,
				_("%s of run %s is not what was saved."), rel, runfolder_name(run));
	}
	if (!ret)
		talloc_free(bytes);
	return report_unread(report, ret, &why, err);
}

int report_kept_files(struct report *report, struct runfolder *run, struct error *err)
{
	const json_t *begun = journal_last(report->journal, JOURNAL_BEGUN),
		     *ended = report->surveyed;
	const struct {
		const char *rel;
		bool kept;
		const char *sum;
	} parts[] = {
		{ "before/entries.reg", begun, NULL },
		{ "before/Bin.SHA256SUMS", report_backup_kept(report), NULL },
		{ "after/entries.reg", ended, NULL },
		{ REPORT_SURVEY, ended && report->survey,
			json_string_value(json_object_get(ended, "sha256")) },
	};
	json_t *sum,
		*files = json_object_get(journal_last(report->journal, JOURNAL_SAVED), "files");
	const char *name;
	int ret = 0;

	json_object_foreach (files, name, sum) {
		char *rel = talloc_asprintf(report, "before/%s", name);

		if (!ret)
			ret = kept_read(report, run, rel, json_string_value(sum), err);
		talloc_free(rel);
	}
	for (size_t i = 0; !ret && i < ARRAY_SIZE(parts); i++)
		if (parts[i].kept)
			ret = kept_read(report, run, parts[i].rel, parts[i].sum, err);
	return ret;
}
