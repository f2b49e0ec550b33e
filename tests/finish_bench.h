/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice server in a folder of its own, as practice or as the disks of a real one, carried out
 * as far as steps 2 to 4. */
#ifndef TESTS_FINISH_BENCH_H
#define TESTS_FINISH_BENCH_H

#include "report/outcome.h"
#include "run/finish.h"
#include "run/resume.h"
#include "practice/practice.h"

#define FINISH_MSMCON "C/exchsrvr/CONNECT/MSMCON"
#define FINISH_LEGACY "Legacy Mail Connector"
#define FINISH_VANCOUVER "MTA to Vancouver PO"

struct finish_bench {
	char *dir, *runs;
	struct engine_options options;
	struct survey_options survey_options;
	struct error err;
	size_t told, stop_at;                /* progress calls; stop at that one, 0: never */
	void (*tick)(struct finish_bench *); /* at every progress call, or NULL */
	struct server *server;               /* that tick may look at */
	void *seen;
};

/* cmocka's setup and teardown. */
int finish_make_with(void **state, const struct practice_edit *edits, size_t count);
int finish_make(void **state);
int finish_free(void **state);

/* As practice (services, simulated) or as disks. */
struct server *finish_open(struct finish_bench *bench, bool practice);
/* Begun, backed up, carried out: what the article asks for is changed, everything else kept. */
struct engine *finish_carried(struct finish_bench *bench, struct server *server);
/* The same begun only. */
struct engine *finish_begun(struct finish_bench *bench, struct server *server);
/* The last run, opened again. */
struct engine *finish_resumed(struct finish_bench *bench, struct server *server,
	enum run_stage stage);
/* A person's word; what engine_attest returns. */
int finish_say(struct finish_bench *bench, struct engine *engine, struct evidence *row, bool works,
	const char *by, const char *mailbox, const char *seen);
/* Somebody saw each test message arrive. */
void finish_attest(struct finish_bench *bench, struct engine *engine);

/* Everything that the gates of step 6 ask for is so, mail attested. */
struct engine *finish_ready(struct finish_bench *bench, struct server *server);
/* A gate of step 6 as it answers now; *all (may be NULL): with the others. */
const struct gate *finish_gate(struct finish_bench *bench, struct engine *engine, const char *id,
	struct gates **all);
/* Neither way out of step 6 is open, and the folder stands. */
void finish_refused(struct finish_bench *bench, struct engine *engine, bool confirmed);
/* That gate says no, and detail is in what it names. */
void finish_no(struct finish_bench *bench, struct engine *engine, const char *id,
	const char *detail);
/* That gate says yes. */
void finish_yes(struct finish_bench *bench, struct engine *engine, const char *id);

char *finish_path(struct finish_bench *bench, const char *path);
bool finish_there(struct finish_bench *bench, const char *path);
void finish_value(struct finish_bench *bench, struct server *server, const char *key,
	const char *value, const struct reg_data *data);
/* "running", "stopped", ... of a service. */
enum service_state finish_service(struct finish_bench *bench, struct server *server,
	const char *name);

/* What is on record. */
enum oldfolder_end finish_end(struct finish_bench *bench);
json_t *finish_report(struct finish_bench *bench);

char *finish_report_text(struct finish_bench *bench);
/* A member that is a text; "" where it is none. */
const char *finish_text(const json_t *object, const char *member);
/* The exit code. */
int finish_finish(struct finish_bench *bench, struct engine *engine);

#endif
