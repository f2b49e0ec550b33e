/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/mail.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "report/outcome.h"
#include "run/engine_internal.h"

#define BEFORE_FILE "mail-before.json"

/* A row on record is written anew when its time has grown by so much, though nothing else has
 * changed. */
enum { BEFORE_LIMIT = 16 << 20, WAITED_STEP_S = 5 * 60 };

/* A test message that this process saw sent, by a clock that does not jump. */
struct mail_sending {
	char token[TOKEN_LENGTH + 1];
	int64_t sent, monotonic;
};

static int64_t monotonic_now(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec + 1;
}

/* ---- evidence on record ---- */

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

/* The row as it is on record, among all of them: what is done to it counts once it is recorded. */
static int row_again(struct engine *engine, const struct evidence *row, struct evidence_list **all,
	struct evidence **mine, struct error *err)
{
	if (evidence_read(engine, engine->journal, all, err))
		return -(int)err->trouble;
	*mine = evidence_find(*all, row->pcmta, row->direction);
	if (*mine)
		return 0;
	TALLOC_FREE(*all);
	return error_set(err, TROUBLE_NOT_THERE, _("%s is not on record in this run."), row->pcmta);
}

static int named(const char *by, const char *without, struct error *err)
{
	return by && text_is_name(by) ? 0 : error_set(err, TROUBLE_USAGE, "%s", without);
}

/* What was typed may hold any byte. */
int engine_attest(struct engine *engine, struct evidence *row, const struct mail_word *word,
	struct error *err)
{
	struct evidence_list *all;
	struct evidence *mine;
	struct mail_word shown = *word;
	int ret = named(word->by,
		_("Who saw it? Give that person's name; without one it does not count."), err);

	if (ret || row_again(engine, row, &all, &mine, err))
		return -(int)err->trouble;
	shown.by = text_shown(all, word->by);
	shown.mailbox = text_shown(all, word->mailbox);
	shown.seen = text_shown(all, word->seen);
	shown.subject = text_shown(all, word->subject ? word->subject : "");
	shown.at = (int64_t)time(NULL);
	ret = shown.by && shown.mailbox && shown.seen && shown.subject ? 0 : error_memory(err);
	if (!ret)
		ret = evidence_attest(all, mine, all, &shown, err);
	if (!ret)
		ret = evidence_record(engine, mine, true, err);
	if (ret)
		talloc_free(all);
	else
		*row = *mine;
	return ret;
}

/* ---- what stood there before ---- */

static int before_keep(struct engine *engine, const struct mail_before *before, struct error *err)
{
	json_t *json = mail_before_json(before);
	char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL, hex[65];
	struct digest digest;
	int ret;

	json_decref(json);
	if (!text)
		return error_memory(err);
	digest = digest_of(text, strlen(text));
	digest_text(&digest, hex);
	ret = runfolder_write(engine->run, BEFORE_FILE, text, strlen(text), err);
	free(text);
	return ret ? ret
		   : journal_add(engine->journal, JOURNAL_MAIL_BEFORE,
			     json_pack("{s:s, s:I, s:I, s:I}", "sha256", hex, "messages",
				     (json_int_t)before->queue_count, "mailbags",
				     (json_int_t)before->bag_count, "last_event",
				     (json_int_t)before->last_event),
			     true, err);
}

/* The file that the journal knows, of the postoffice that the server has. */
static int before_read(struct engine *engine, const json_t *entry, const struct survey *survey,
	struct mail_before **before, struct error *err)
{
	const char *hex = json_string_value(json_object_get(entry, "sha256"));
	char *maildata = survey->relocated_msmcon
		? path_join(engine, survey->relocated_msmcon, "Maildata")
		: NULL;
	struct digest wanted, found;
	json_t *json = NULL;
	uint8_t *bytes;
	size_t len;
	int ret = runfolder_read(engine->run, engine, BEFORE_FILE, BEFORE_LIMIT, &bytes, &len, err);

	if (!ret) {
		found = digest_of(bytes, len);
		if (hex && digest_parse(hex, &wanted) && digest_equal(&wanted, &found))
			json = json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, NULL);
		ret = mail_before_parse(engine, json, before, err);
		json_decref(json);
		talloc_free(bytes);
	}
	if (!ret && (!maildata || !path_equal(maildata, (*before)->maildata))) {
		TALLOC_FREE(*before);
		ret = error_set(err, TROUBLE_RECORD_DAMAGED,
			_("What is on record of the postoffice before is of another one."));
	}
	talloc_free(maildata);
	return ret;
}

/* The run goes on without it, and whoever is told of the run is told why. */
static int before_lost(struct engine *engine, const struct error *why, struct error *err)
{
	char *note = talloc_asprintf(engine,
		_("What mail stood in the postoffice before is not known, so nothing is watched in step 5: %s"),
		why->text);
	int ret = note ? engine_note(engine, note, err) : error_memory(err);

	talloc_free(note);
	return ret;
}

static int tell_mail(void *arg, const char *what)
{
	struct engine *engine = arg;

	return engine->progress.tell ? engine->progress.tell(engine->progress.arg, what, 0, 0) : 0;
}

static int before_make(struct engine *engine, const struct survey *survey,
	struct mail_before **before, struct error *err)
{
	struct error why = { 0 };
	int ret = mail_before_take(engine, engine->server, survey, tell_mail, engine, before, &why);

	if (ret == -TROUBLE_MEMORY || ret == -TROUBLE_STOPPED)
		return error_pass(err, &why);
	if (ret)
		return before_lost(engine, &why, err);
	return before_keep(engine, *before, err);
}

static int before_find(struct engine *engine, const json_t *entry, const struct survey *survey,
	struct mail_before **before, struct error *err)
{
	struct error why = { 0 };
	int ret = before_read(engine, entry, survey, before, &why);

	engine->watch_lost = ret != 0;
	if (ret == -TROUBLE_MEMORY)
		return error_pass(err, &why);
	return ret ? before_lost(engine, &why, err) : 0;
}

int engine_mail_before(struct engine *engine, const struct survey *survey, struct error *err)
{
	const json_t *entry = journal_last(engine->journal, JOURNAL_MAIL_BEFORE);
	struct mail_before *before = NULL;
	int ret;

	if (!engine->server || !survey || engine->watch || engine->watch_lost)
		return 0;
	ret = entry ? before_find(engine, entry, survey, &before, err)
		    : before_make(engine, survey, &before, err);
	if (ret || !before)
		return ret;
	engine->watch = mail_watch_new(engine, before);
	return engine->watch ? 0 : error_memory(err);
}

/* ---- test messages ---- */

static int sending_note(struct engine *engine, const struct evidence *row, struct error *err)
{
	struct mail_sending *added =
		memory_more(engine, &engine->sendings, engine->sending_count, sizeof *added);

	if (!added)
		return error_memory(err);
	memcpy(added->token, row->token, sizeof added->token);
	added->sent = row->sent;
	added->monotonic = monotonic_now();
	engine->sending_count++;
	return 0;
}

/* Seconds; -1: nobody knows. */
static int64_t waited(const struct engine *engine, const struct evidence *row, int64_t now)
{
	for (size_t i = engine->sending_count; i-- > 0;)
		if (strcmp(engine->sendings[i].token, row->token) == 0 &&
			engine->sendings[i].sent == row->sent)
			return monotonic_now() - engine->sendings[i].monotonic;
	return now >= row->sent ? now - row->sent : -1;
}

/* From its mailbox, with the code alone as its subject. What was not sent is not on record as
 * sent. */
static int practice_send(struct engine *engine, const struct evidence *before,
	const struct evidence *row, struct error *err)
{
	struct server *server = engine->server;
	const struct mail_letter letter = { .from = row->from,
		.to = row->to,
		.subject = (char *)row->token,
		.text = (char *)_("A test message of step 5."),
		.at = row->sent };
	struct error why;
	int ret = server->ops->mail_send(server, &letter, err);

	if (!ret)
		return 0;
	why = *err;
	if (evidence_record(engine, before, true, err))
		return -(int)err->trouble;
	*err = why;
	return ret;
}

int engine_mail_sent(struct engine *engine, struct evidence *row, const char *by, const char *from,
	const char *to, struct error *err)
{
	struct evidence_list *all;
	struct evidence *mine, before;
	char *shown[3];
	int ret = named(by,
		_("Who sent it? Give that person's name; without one it does not count."), err);

	if (ret || row_again(engine, row, &all, &mine, err))
		return -(int)err->trouble;
	before = *row;
	shown[0] = text_shown(all, by);
	shown[1] = text_shown(all, from ? from : "");
	shown[2] = text_shown(all, to ? to : "");
	ret = shown[0] && shown[1] && shown[2] ? 0 : error_memory(err);
	if (!ret)
		ret = evidence_sent(all, mine, all, shown[0], shown[1], shown[2],
			(int64_t)time(NULL), err);
	if (!ret)
		ret = evidence_record(engine, mine, true, err);
	if (!ret && engine->server && engine->server->caps & SERVER_MAIL)
		ret = practice_send(engine, &before, mine, err);
	if (!ret)
		ret = sending_note(engine, mine, err);
	if (ret)
		talloc_free(all);
	else
		*row = *mine;
	return ret;
}

int engine_mail_again(struct engine *engine, struct evidence *row, struct error *err)
{
	struct evidence_list *all;
	struct evidence *mine;
	int ret;

	if (row_again(engine, row, &all, &mine, err))
		return -(int)err->trouble;
	ret = evidence_again(all, mine, err);
	if (!ret)
		ret = evidence_record(engine, mine, true, err);
	if (ret)
		talloc_free(all);
	else
		*row = *mine;
	return ret;
}

/* ---- looking ---- */

/* Whether a row says something else than it did; that time went on alone counts now and then. */
static bool row_changed(struct evidence *row, const json_t *was, int64_t waited_then)
{
	int64_t waited_now = row->waited;
	bool changed = waited_now / WAITED_STEP_S != waited_then / WAITED_STEP_S;
	json_t *is;

	row->waited = waited_then;
	is = evidence_json(row);
	row->waited = waited_now;
	changed = changed || !json_equal(is, was);
	json_decref(is);
	return changed;
}

static int row_judge(struct engine *engine, struct evidence *row,
	const struct mail_arrival *arrivals, size_t count, bool *changed, struct error *err)
{
	const struct mail_seen *seen = &engine->watch->seen;
	json_t *was = evidence_json(row);
	int64_t waited_then = row->waited;
	int ret = 0;

	if (mail_judge(row, seen, arrivals, count, waited(engine, row, seen->at)))
		ret = error_memory(err);
	else if (row_changed(row, was, waited_then)) {
		*changed = true;
		ret = evidence_record(engine, row, false, err);
	}
	json_decref(was);
	return ret;
}

static json_t *places_json(struct engine *engine)
{
	const struct mail_watch *watch = engine->watch;
	json_t *places = json_array();

	for (int i = 0; i < MAIL_PLACES; i++) {
		const char *why = watch->recorded[i];

		json_array_append_new(places,
			json_pack("{s:s, s:s, s:s*}", "place", mail_place_name((enum mail_place)i),
				"state", mail_place_state_name(watch->seen.places[i]), "why", why));
		if (why && i18n_foreign())
			json_object_set_new(engine->words, why, json_string(watch->seen.why[i]));
	}
	return places;
}

/* Where it was looked, and what became of the queue: on record where a place is not what it was,
 * and together with every row. */
static int look_record(struct engine *engine, bool changed, struct error *err)
{
	const struct mail_backlog backlog = mail_watch_backlog(engine->watch);
	json_t *places = places_json(engine);

	if (!changed && engine->places && json_equal(places, engine->places)) {
		json_decref(places);
		return 0;
	}
	json_decref(engine->places);
	engine->places = json_incref(places);
	return journal_add(engine->journal, JOURNAL_MAIL_LOOK,
		json_pack("{s:I, s:I, s:I, s:I, s:b, s:o}", "since", (json_int_t)backlog.since,
			"stood", (json_int_t)backlog.stood, "gone", (json_int_t)backlog.gone,
			"come", (json_int_t)backlog.come, "diagnostics", engine->watch->diagnostics,
			"places", places),
		true, err);
}

int engine_mail_look(struct engine *engine, const struct survey *survey, struct evidence_list *list,
	const struct mail_watch **watch, struct error *err)
{
	TALLOC_CTX *tmp;
	struct mail_arrival *arrivals;
	size_t count;
	bool changed = false;
	int ret = engine_mail_before(engine, survey, err);

	*watch = engine->watch;
	if (ret || !engine->watch)
		return ret;
	tmp = talloc_new(engine);
	ret = mail_look(engine->watch, engine->server, survey, monotonic_now(), tell_mail, engine,
		err);
	if (!ret)
		ret = mail_arrivals(tmp, engine->watch, engine->server, list, &arrivals, &count,
			err);
	for (size_t i = 0; !ret && i < list->count; i++)
		if (list->rows[i].sent != 0)
			ret = row_judge(engine, &list->rows[i], arrivals, count, &changed, err);
	if (!ret)
		ret = look_record(engine, changed, err);
	talloc_free(tmp);
	return ret;
}
