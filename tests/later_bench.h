/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice server in a folder of its own, as practice or as the disks of a real one, carried out as far as steps 2 to 4. */
#ifndef TESTS_LATER_BENCH_H
#define TESTS_LATER_BENCH_H

#include "report/outcome.h"
#include "run/after.h"
#include "run/resume.h"
#include "practice/practice.h"

#define LATER_MSMCON "C/exchsrvr/CONNECT/MSMCON"
#define LATER_LEGACY "Legacy Mail Connector"
#define LATER_VANCOUVER "MTA to Vancouver PO"

struct later {
	char *dir, *runs;
	struct engine_options options;
	struct survey_options look;
	struct error err;
	size_t told, stop_at;              /* progress calls; stop at that one, 0: never */
	void (*tick)(struct later *);      /* at every progress call, or NULL */
	struct server *server;             /* that tick may look at */
	void *seen;
};

/* cmocka's setup and teardown. */
int later_make_with(void **state, const struct practice_twist *twists, size_t count);
int later_make(void **state);
int later_free(void **state);

/* As practice (services, simulated) or as disks. */
struct server *later_open(struct later *later, bool practice);
/* Begun, backed up, carried out: what the article asks for is changed, everything else kept. */
struct engine *later_carried(struct later *later, struct server *server);
/* The same begun only. */
struct engine *later_begun(struct later *later, struct server *server);
/* The last run, opened again. */
struct engine *later_reopened(struct later *later, struct server *server, enum run_stage stage);
void later_attest(struct later *later, struct engine *engine);

/* Everything that the gates of step 6 ask for is so, mail attested. */
struct engine *later_ready(struct later *later, struct server *server);
/* A gate of step 6 as it answers now; *all (may be NULL): with the others. */
const struct gate *later_gate(struct later *later, struct engine *engine, const char *id, struct gates **all);
/* Neither way out of step 6 is open, and the folder stands. */
void later_refused(struct later *later, struct engine *engine, bool confirmed);
/* That gate says no, and detail is in what it names. */
void later_no(struct later *later, struct engine *engine, const char *id, const char *detail);

char *later_path(struct later *later, const char *path);
bool later_there(struct later *later, const char *path);
void later_value(struct later *later, struct server *server, const char *key, const char *value, const struct reg_data *data);
/* "running", "stopped", ... of a service. */
enum service_state later_service(struct later *later, struct server *server, const char *name);

/* What is on record. */
enum oldfolder_end later_end(struct later *later);
json_t *later_report(struct later *later);

char *later_report_text(struct later *later);
/* A member that is a text; "" where it is none. */
const char *later_text(const json_t *object, const char *member);
/* The exit code. */
int later_finish(struct later *later, struct engine *engine);

#endif
