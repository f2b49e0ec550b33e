/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the options to the server they name, and to what the survey needs to know. */
#ifndef UI_REACH_H
#define UI_REACH_H

#include "repair/survey.h"
#include "run/resume.h"
#include "ui/options.h"

/* What the walk asked for on its pages, and how it keeps its screen alive. */
struct reaching {
	const char *password; /* NULL: that of the file, if one was named */
	/* server.h */
	int (*waiting)(void *arg, const char *doing, unsigned seconds);
	void *waiting_arg;
	/* where disk images are left that are open and of which a letter is not known; those that
	 * are there already are gone on with */
	struct image **image;
};

/* Whether user or password of a running server are still to be asked for by the walk. */
bool reach_unsigned(const struct options *options);

/* Whether the command line, or what was said since, names a server. */
bool reach_named(const struct options *options);

/* Opens the server; TROUBLE_USAGE if none was named. A running server's password is read
 * from its file, or asked for at the terminal; the walk has asked before, and is told by
 * TROUBLE_PERMISSION where it did not. A practice server built for this call
 * lives in a temporary folder that goes when *server is freed. With --dry-run it is one that
 * refuses to be written. */
int reach_server(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err);

/* The same for disk images (reach_image.c), and what leads there again is set. */
int reach_image(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err);

/* Builds the practice case of that name (NULL: the standard one) in the empty or new folder dir. */
int reach_case(TALLOC_CTX *mem, const char *name, const char *dir, uint64_t seed,
	struct error *err);

/* The standard one beside the runs, made where it is not there yet: its folder, for --practice. */
int reach_practice(TALLOC_CTX *mem, const struct options *options, char **dir, struct error *err);

/* The folder of runs; TROUBLE as runs_place. */
int reach_runs(TALLOC_CTX *mem, const struct options *options, char **runs, struct error *err);

/* The server of a run, where the record says that it was; with: the options that lead there. What
 * a running server says stays its own trouble; else TROUBLE_NOT_THERE says what the run needs,
 * TROUBLE_USAGE that its record does not say where. And the command to be given once it is
 * there. */
int reach_run(TALLOC_CTX *mem, const struct options *options, const struct run_record *record,
	struct options *with, struct server **server, struct error *err);
char *reach_run_command(TALLOC_CTX *mem, const struct run_record *record, const char *runs,
	const char *command);
/* The unfinished runs, and those that left services down, newest first, without those whose server
 * is gone for good. */
int reach_unfinished(TALLOC_CTX *mem, const char *runs, struct run_record ***list, size_t *count,
	struct error *err);

/* What the operator said on the command line. */
struct survey_options reach_survey_options(const struct options *options);

/* What the runs of the server say was kept, into look. */
int reach_kept(TALLOC_CTX *mem, const struct options *options, struct server *server,
	struct survey_options *survey_options, struct error *err);
/* Opens the server and looks at it with what was said, and with what its runs say was kept; with
 * rehearse, also whether all of it could be repaired here. Reads only. */
int reach_survey(TALLOC_CTX *mem, const struct options *options, bool rehearse,
	struct server **server, const struct survey **survey, struct error *err);

#endif
