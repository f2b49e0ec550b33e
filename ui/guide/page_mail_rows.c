/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of step 5: one for each PC MTA and direction, and what is told of each. */
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/page_mail.h"

bool mail_simulated(const struct guide *guide)
{
	return guide->evidence->count > 0 && guide->evidence->rows[0].simulated;
}

static char *row_id(TALLOC_CTX *mem, const struct evidence *row)
{
	return talloc_asprintf(mem, "%s/%s", text_percent(mem, row->pcmta),
		mail_direction_name(row->direction));
}

struct evidence *mail_line(const struct guide *guide, const struct page *page, const char *row)
{
	for (size_t i = 0; row && i < page->row_count && i < guide->evidence->count; i++)
		if (strcmp(page->rows[i].id, row) == 0)
			return &guide->evidence->rows[i];
	return NULL;
}

char *mail_line_text(struct page *page, const struct evidence *row)
{
	return page_text(page, "%s  %s, %s", row->token, text_shown(page, row->pcmta),
		mail_direction_text(row->direction));
}

/* ---- Where it stands ---- */

static bool put_off(const struct guide *guide, const struct evidence *row)
{
	return guide->mail_put_off && strstr(guide->mail_put_off, row->token);
}

bool mail_unsent(const struct guide *guide, const struct evidence *row)
{
	return guide->server && row->sent == 0 && row->grade == MAIL_NOT_TESTED &&
		!put_off(guide, row);
}

/* Nothing more is to be sent: who waits now looks for what was. */
static bool all_sent(const struct guide *guide)
{
	for (size_t i = 0; i < guide->evidence->count; i++)
		if (mail_unsent(guide, &guide->evidence->rows[i]))
			return false;
	return true;
}

/* Nobody said anything of it, and the program saw nothing that counts. */
static bool open_still(const struct evidence *row)
{
	return !row->by && row->grade != MAIL_FAILED && row->grade < MAIL_ATTESTED;
}

bool mail_waits(const struct guide *guide, const struct evidence *row)
{
	bool sent = !guide->server || row->sent != 0;

	return open_still(row) && sent && !row->simulated && !put_off(guide, row);
}

/* The answer given, NULL while the row is to be asked about by itself. */
static const char *decided(const struct guide *guide, const struct evidence *row)
{
	if (mail_unsent(guide, row))
		return NULL;
	if (mail_waits(guide, row))
		return all_sent(guide) ? NULL : word_name(WORD_SENT);
	return put_off(guide, row) ? word_name(WORD_LATER) : word_name(WORD_SEEN);
}

static enum tone grade_tone(enum mail_grade grade)
{
	return grade == MAIL_FAILED ? TONE_DANGER : grade == MAIL_VERIFIED ? TONE_RIGHT : TONE_WARN;
}

/* As its source says, "" where it says nothing: the day only where it is not that of near. */
static const char *time_said(struct page *page, int64_t at, int64_t near)
{
	enum { DAY = 24 * 60 * 60 };
	time_t seconds = (time_t)at;
	char text[32] = "";
	struct tm tm;

	if (at == 0)
		return "";
	if (!gmtime_r(&seconds, &tm))
		return _("at no time that there is");
	strftime(text, sizeof text, at / DAY == near / DAY ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &tm);
	return page_text(page, "%s", text);
}

/* ---- What to do ---- */

static const char *do_appletalk(struct page *page, const struct evidence *row)
{
	return page_text(page,
		row->direction == MAIL_TO_MSMAIL
			? _("From an Exchange mailbox send a NEW message with the subject %s to a user of Microsoft Mail "
			    "for AppleTalk.")
			: _("From a Macintosh with Microsoft Mail for AppleTalk send a NEW message (no reply) with the "
			    "subject %s to an Exchange mailbox."),
		row->token);
}

/* What the two ends have to do for this direction (doc/domain.md 10). */
static const char *do_send(struct page *page, const struct evidence *row)
{
	const char *pcmta = text_shown(page, row->pcmta);

	if (text_equal(row->pcmta, ARTICLE_SERVICE_ATMTA))
		return do_appletalk(page, row);
	if (row->direction == MAIL_TO_MSMAIL)
		return page_text(page,
			_("From an Exchange mailbox send a NEW message with the subject %s to a user of a "
			  "postoffice that %s serves."),
			row->token, pcmta);
	return page_text(page,
		_("On an MS Mail client of a postoffice that %s serves send a NEW message (no reply) with the "
		  "subject %s to an Exchange mailbox."),
		pcmta, row->token);
}

static const char *do_look(const struct evidence *row)
{
	return row->direction == MAIL_TO_MSMAIL
		? _("Look for it on the MS Mail client, and say here what you saw.")
		: _("Look for it in the Exchange mailbox, and say here what you saw; a non-delivery report is not an arrival.");
}

static bool is_stopped(const struct guide *guide, TALLOC_CTX *mem, const char *service)
{
	char *rest, *names = guide->stopped ? talloc_strdup(mem, guide->stopped) : NULL;

	for (char *name = names ? strtok_r(names, ",", &rest) : NULL; name;
		name = strtok_r(NULL, ",", &rest))
		if (text_equal(text_trim(name), service))
			return true;
	return false;
}

bool mail_all_stopped(const struct guide *guide, TALLOC_CTX *mem)
{
	return is_stopped(guide, mem, "MSExchangeMSMI");
}

/* While nothing of that row flows nobody needs to wait. */
static bool nothing_flows(const struct guide *guide, struct page *page, const struct evidence *row)
{
	for (size_t i = 0; guide->watch && i < guide->watch->fact_count; i++)
		if (guide->watch->facts[i].bad && guide->watch->facts[i].stops_all)
			return true;
	return mail_all_stopped(guide, page) ||
		is_stopped(guide, page, page_shown(page, row->pcmta));
}

/* NULL where nothing is left to do. */
static const char *to_do(const struct guide *guide, struct page *page, const struct evidence *row)
{
	if (!guide->server && open_still(row))
		return page_text(page, "%s %s", do_send(page, row), do_look(row));
	if (row->sent == 0 && open_still(row) && nothing_flows(guide, page, row))
		return _(
			"First put right what is said above: nothing flows here before that. Then send the test message.");
	if (row->sent == 0 && open_still(row))
		return row->simulated
			? page_text(page,
				  _("Send it from here: y proposes the mailboxes, %s is its subject."),
				  row->token)
			: page_text(page, "%s %s", do_send(page, row),
				  _("Then say here who sent it, from which mailbox, to which."));
	if (row->grade == MAIL_FAILED && row->sent != 0)
		return _("Put right what the report or the person says, then test again (o).");
	if (!open_still(row))
		return NULL;
	if (nothing_flows(guide, page, row))
		return _("Nothing flows here before what is said above is put right.");
	return row->simulated
		? _("Wait: the page looks again by itself. Reading a mailbox shows what came.")
		: do_look(row);
}

/* ---- What was seen, and where nobody could look ---- */

/* "10:09:31  SENT.LOG line 41: the postoffice of MS Mail" */
static const char *sighting_said(struct page *page, const struct mail_sighting *seen, int64_t near)
{
	enum mail_stage stage = seen->stage ? mail_stage_parse(seen->stage) : STAGE_NONE;
	bool said = stage != STAGE_NONE && stage != STAGE_MAILBOX;

	return page_text(page, "%s%s%s%s%s", time_said(page, seen->at, near),
		seen->at != 0 ? "  " : "", page_shown(page, seen->where), said ? ": " : "",
		said ? mail_stage_text(stage) : "");
}

/* Short; the lines themselves where there is room, and with F6. */
static void sightings(struct page *page, struct row *row, const struct evidence *evidence)
{
	char *all = talloc_strdup(page, "");

	for (size_t i = 0; i < evidence->sighting_count; i++)
		all = talloc_asprintf_append(all, "%s%s", i > 0 ? "\n" : "",
			sighting_said(page, &evidence->sightings[i], evidence->sent));
	if (*all != '\0')
		row_detail(page, row, DETAIL_TOLD, _("Seen"), all);
	for (size_t i = 0; i < evidence->sighting_count; i++) {
		const struct mail_sighting *seen = &evidence->sightings[i];

		if (seen->raw && *seen->raw != '\0')
			row_detail(page, row, DETAIL_FACT, _("Line"),
				page_text(page, "%s: %s", page_shown(page, seen->where),
					page_shown(page, seen->raw)));
	}
}

/* Whether that place can show a message of this direction at all. */
static bool place_fits(enum mail_place place, const struct evidence *row)
{
	if (place == PLACE_MAILBOX)
		return row->simulated;
	return place != (row->direction == MAIL_TO_MSMAIL ? PLACE_RECV_LOG : PLACE_SENT_LOG);
}

/* The places in one of two states, "a, b"; "" for none. */
static const char *places_in(struct page *page, const struct mail_watch *watch,
	const struct evidence *row, enum place_state one, enum place_state other)
{
	char *list = talloc_strdup(page, "");

	for (int i = 0; i < MAIL_PLACES; i++) {
		enum place_state state = watch->seen.places[i];

		if (place_fits((enum mail_place)i, row) && (state == one || state == other))
			list = talloc_asprintf_append(list, "%s%s", *list ? ", " : "",
				mail_place_text((enum mail_place)i));
	}
	return list;
}

static void looked(const struct guide *guide, struct page *page, struct row *row,
	const struct evidence *evidence)
{
	const struct mail_watch *watch = guide->watch;
	const char *in, *absent;
	char *text;

	if (!watch) {
		row_detail(page, row, DETAIL_TEXT, _("Looked"),
			_("Nowhere: what stood there before could not be recorded. A person can say what arrived."));
		return;
	}
	in = places_in(page, watch, evidence, PLACE_SEEN, PLACE_PARTLY);
	absent = places_in(page, watch, evidence, PLACE_ABSENT, PLACE_ABSENT);
	text = *in ? page_text(page, _("in %s."), in) : page_text(page, "%s", _("nowhere."));
	if (*absent)
		text = talloc_asprintf_append(text, _(" Not there, so not switched on: %s."),
			absent);
	for (int i = 0; i < MAIL_PLACES; i++)
		if (watch->seen.why[i] && place_fits((enum mail_place)i, evidence))
			text = talloc_asprintf_append(text, " %s",
				text_shown(page, watch->seen.why[i]));
	row_detail(page, row, DETAIL_TEXT, _("Looked"), text);
	if (!watch->diagnostics && evidence->grade < MAIL_VERIFIED_TO)
		row_detail(page, row, DETAIL_TEXT, _("Note"),
			_("Missing events 2444 and 2448 prove nothing at default logging."));
}

static void sent(struct page *page, struct row *row, const struct evidence *evidence)
{
	row_detail(page, row, DETAIL_TEXT, _("Sent"),
		page_text(page, _("%sZ by %s, from %s to %s"),
			time_said(page, evidence->sent, evidence->sent),
			page_shown(page, evidence->sent_by), page_shown(page, evidence->from),
			page_shown(page, evidence->to)));
}

/* In the order in which they are wanted: a small screen shows the first. */
static void details(const struct guide *guide, struct page *page, struct row *row,
	const struct evidence *evidence)
{
	const char *now = to_do(guide, page, evidence);

	if (evidence->grade != MAIL_NOT_TESTED || evidence->sent != 0)
		row_detail(page, row, DETAIL_TEXT, _("So far"), evidence_text(page, evidence));
	if (now)
		row_detail(page, row, DETAIL_TEXT, C_("instructions", "Do"), now);
	sightings(page, row, evidence);
	if (evidence->sent == 0)
		return;
	sent(page, row, evidence);
	if (guide->server)
		looked(guide, page, row, evidence);
}

/* ---- The question ---- */

static void ask_sent(struct page *page, struct question *question, bool simulated)
{
	question_answer(page, question, WORD_SENT, simulated ? _("Send") : _("Sent"), 'y', false);
	question_hint(question, WORD_SENT,
		simulated ? _("Asks from which mailbox and to which, then sends it.")
			  : _("Asks who sent it, from where, and to whom."));
}

/* Once it was sent, and not seen at both ends. */
static void ask_again(struct page *page, struct question *question, const struct evidence *row)
{
	if ((row->sent == 0 && !row->by) || row->grade == MAIL_VERIFIED)
		return;
	question_answer(page, question, WORD_ANEW, _("Test again"), 'o', false);
	question_hint(question, WORD_ANEW, _("Asks, then makes a new code for a new message."));
}

static void ask_seen(struct page *page, struct question *question, bool simulated)
{
	if (!simulated) {
		question_answer(page, question, WORD_ARRIVED, _("Arrived"), 'y', false);
		question_hint(question, WORD_ARRIVED, _("Asks who saw it, where, and what."));
	}
	question_answer(page, question, WORD_FAILED, _("Did not arrive"), 'n', false);
	question_hint(question, WORD_FAILED,
		_("Asks who looked, where, and what was seen instead."));
}

static const struct question *question_of_row(const struct guide *guide, struct page *page,
	const char *id, const struct evidence *row)
{
	bool to_send = guide->server && row->sent == 0 && open_still(row);
	struct question *question = page_question(page, QUESTION_MAIL_SEEN, id, ASK_CHOICE,
		!to_send                 ? _("Did this very message arrive?")
			: row->simulated ? _("Send this test message?")
					 : _("Was this very message sent?"));

	if (to_send)
		ask_sent(page, question, row->simulated);
	else
		ask_seen(page, question, row->simulated);
	ask_again(page, question, row);
	question_answer(page, question, WORD_LATER, _("Later"), 'e', true);
	question_hint(question, WORD_LATER,
		_("Leaves this direction open; it can be recorded later."));
	return question;
}

void mail_row(const struct guide *guide, struct page *page, const struct evidence *evidence)
{
	char *id = row_id(page, evidence);
	bool later = evidence->grade == MAIL_NOT_TESTED && put_off(guide, evidence);
	struct row *row = page_row(page, id, text_shown(page, evidence->pcmta),
		mail_direction_text(evidence->direction), evidence->token,
		later ? _("later") : mail_grade_text(evidence->grade), NULL);

	row->decide = question_of_row(guide, page, id, evidence);
	row->tones[3] = grade_tone(evidence->grade);
	row->decided = decided(guide, evidence);
	details(guide, page, row, evidence);
}
