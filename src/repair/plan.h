/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The changes in order, with decisions. A plan can be saved, read again and compared with the
 * server: it is applied exactly or refused.
 */
#ifndef REPAIR_PLAN_H
#define REPAIR_PLAN_H

#include "repair/survey.h"

enum decision { DECISION_UNDECIDED, DECISION_CHANGE, DECISION_KEEP };

/* Bytes: a longer file is not a plan. */
enum { PLAN_LIMIT = 16 << 20 };

/* "undecided", "change", "keep": in plans and journals, never translated. */
const char *decision_name(enum decision decision);
bool decision_parse(const char *name, enum decision *decision);

struct plan_row {
	const struct finding *finding; /* of the survey the plan stands on */
	enum decision decision;
	/* KIND_VALUE: what the operator wants instead of finding->after, or NULL */
	struct reg_data *edited;
	bool written; /* in this run, and read back: nothing is decided about it any more */
};

struct plan {
	const struct survey *survey;
	struct plan_row *rows; /* the backup, and every finding of steps 1 to 4 that is not right */
	size_t count;
};

/* Rows of a survey. propose: needed rows are set to change, all others stay undecided; without it
 * everything is undecided. The survey must outlive the plan. */
int plan_make(TALLOC_CTX *mem, const struct survey *survey, bool propose, struct plan **plan,
	struct error *err);

/* Whether there is something it could be changed to. A row may be kept in any case. */
bool plan_row_changes(const struct plan_row *row);

struct plan_row *plan_find(struct plan *plan, const char *id);

/* Whether data may stand as the after side of a value: same type, and every path of it that differs
 * from before leads into the relocated Msmcon; where there was no path, one such path and nothing
 * else. TROUBLE_PLAN_FOREIGN with a sentence otherwise. */
int plan_value_allowed(const struct survey *survey, const struct finding *finding,
	const struct reg_data *data, struct error *err);

/* The same of what an operator wants, and that every path of it names a file of the right kind,
 * which is there or comes with step 2. */
int plan_edit_allowed(struct server *server, const struct survey *survey,
	const struct finding *finding, const struct reg_data *data, struct error *err);

/* The plan as JSON: survey_json with "decision" in each row that can change or was decided. New
 * reference; NULL for want of memory. */
json_t *plan_json(const struct plan *plan);

/*
 * Reads a saved plan, len bytes, and compares it with a fresh survey of the server. 0: *plan stands
 * on that survey and carries the saved decisions. TROUBLE_PLAN_DAMAGED: not a plan of ours.
 * TROUBLE_OTHER_SERVER. TROUBLE_PLAN_FOREIGN: asks for what this program never does (other path,
 * value, type, row twice). TROUBLE_MOVED: the server is not as it was; *differences (owned by mem)
 * says per row before / expected / now, one a line.
 */
int plan_load(TALLOC_CTX *mem, const char *bytes, size_t len, const struct survey *fresh,
	struct plan **plan, char **differences, struct error *err);

/* How many rows are so decided. */
size_t plan_count(const struct plan *plan, enum decision decision);

#endif
