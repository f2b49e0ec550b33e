/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/mail.h"

#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/outcome.h"
#include "run/engine_internal.h"

static int evidence_record(struct engine *engine, const struct evidence *row, bool lasting,
	struct error *err)
{
	return journal_add(engine->journal, JOURNAL_EVIDENCE, evidence_json(row), lasting, err);
}

/* On record, for each MTA that has none yet. */
static int evidence_begin(struct engine *engine, struct evidence_list *list, struct error *err)
{
	struct evidence_list *made;
	char **names;
	size_t count, missing = 0;
	bool simulated;

	if (mtas_read(list, journal_last(engine->journal, JOURNAL_PCMTAS), &names, &count, err))
		return -(int)err->trouble;
	for (size_t i = 0; i < count; i++)
		if (!evidence_find(list, names[i], MAIL_TO_MSMAIL))
			names[missing++] = names[i];
	simulated = engine->server
		? engine->server->caps & SERVER_SIMULATED
		: json_is_true(
			  json_object_get(journal_last(engine->journal, JOURNAL_RUN), "simulated"));
	if (evidence_list_make(list, (const char *const *)names, missing, simulated, &made, err))
		return -(int)err->trouble;
	for (size_t i = 0; i < made->count; i++)
		if (evidence_record(engine, &made->rows[i], i + 1 == made->count, err))
			return -(int)err->trouble;
	return 0;
}

int engine_evidence(struct engine *engine, struct evidence_list **list, struct error *err)
{
	if (evidence_read(engine, engine->journal, list, err) || evidence_begin(engine, *list, err))
		return -(int)err->trouble;
	talloc_free(*list);
	return evidence_read(engine, engine->journal, list, err);
}

/* On record first: only then does it count. What was typed may hold any byte. */
int engine_attest(struct engine *engine, struct evidence *row, const struct mail_word *word,
	struct error *err)
{
	struct evidence_list *list;
	struct evidence said = *row;
	struct mail_word shown = *word;
	int ret;

	if (!text_is_name(word->by))
		return error_set(err, TROUBLE_USAGE,
			_("Who saw it? Give that person's name; without one it does not count."));
	list = talloc_zero(engine, struct evidence_list);
	shown.by = text_shown(list, word->by);
	shown.mailbox = text_shown(list, word->mailbox);
	shown.seen = text_shown(list, word->seen);
	shown.at = (int64_t)time(NULL);
	ret = shown.by && shown.mailbox && shown.seen ? 0 : error_memory(err);
	if (!ret)
		ret = evidence_attest(list, &said, list, &shown, err);
	if (!ret)
		ret = evidence_record(engine, &said, true, err);
	if (ret)
		talloc_free(list);
	else
		*row = said;
	return ret;
}
