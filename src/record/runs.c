/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The place where runs live: which, whether it lasts, what is in it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/journal.h"
#include "record/record_internal.h"

/* A path from the root: the record must be found again from any folder. */
static int place_named(TALLOC_CTX *mem, const char *named, char **dir, struct error *err)
{
	char *here = *named == '/' ? NULL : getcwd(NULL, 0);

	if (*named != '/' && !here)
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder this program runs in cannot be told"));
	*dir = talloc_asprintf(mem, "%s%s%s", here ? here : "", here ? "/" : "", named);
	free(here);
	return *dir ? 0 : error_memory(err);
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

int runs_place(TALLOC_CTX *mem, const char *named, char **dir, bool *by_hand, struct error *err)
{
	const char *home = environment("HOME"), *state = environment("XDG_STATE_HOME");

	if (!named)
		named = environment("MSMCFIX_STATE_DIR");
	*by_hand = named;
	if (named)
		return place_named(mem, named, dir, err);
	if (geteuid() == 0)
		*dir = talloc_strdup(mem, "/var/lib/msmcfix");
	else if (state && *state == '/')
		*dir = talloc_asprintf(mem, "%s/msmcfix", state);
	else if (home && *home == '/')
		*dir = talloc_asprintf(mem, "%s/.local/state/msmcfix", home);
	else
		return error_set(err, TROUBLE_NO_RUN_FOLDER,
			_("No folder for runs is known; name one with --runs."));
	return *dir ? 0 : error_memory(err);
}

/* Makes the folder and those above it; the folder that holds a new name is synced. */
static int folder_make_all(char *path)
{
	char *slash = strrchr(path, '/');
	int failed;

	if (slash > path && !slash[1]) {
		*slash = '\0';
		return folder_make_all(path);
	}
	failed = mkdir(path, 0700);
	if (failed && errno == EEXIST)
		return 0;
	if (!slash || (failed && errno != ENOENT))
		return -1;
	*slash = '\0';
	failed = failed ? folder_make_all(path) : run_folder_sync(*path ? path : "/");
	*slash = '/';
	return failed ? -1 : folder_make_all(path);
}

/* The folder itself or, where it is still to be made, the one it will be made in. */
static char *place_there(TALLOC_CTX *mem, const char *dir)
{
	char *there = talloc_strdup(mem, dir), *slash;

	while (access(*there ? there : "/", F_OK) && errno == ENOENT &&
		(slash = strrchr(there, '/')))
		*slash = '\0';
	return *there ? there : talloc_strdup(mem, "/");
}

/* The file system that path is, or will be, on. */
static int place_statfs(const char *path, struct statfs *fs)
{
	char *there = place_there(NULL, path);
	int failed = statfs(there, fs);

	talloc_free(there);
	return failed;
}

/* The kinds that do not outlive the machine's next start: tmpfs, ramfs, overlay (statfs(2)). */
static const char *fs_in_memory(const struct statfs *fs)
{
	static const struct {
		unsigned long magic;
		const char *name;
	} kinds[] = {
		{ 0x01021994, "tmpfs" },
		{ 0x858458f6, "ramfs" },
		{ 0x794c7630, "overlay" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (((unsigned long)fs->f_type & 0xffffffffUL) == kinds[i].magic)
			return kinds[i].name;
	return NULL;
}

int runs_suit(TALLOC_CTX *mem, const char *dir, bool by_hand, bool simulated, char **warning,
	struct error *err)
{
	const char *kind, *shown = text_shown(mem, dir), *there = place_there(mem, dir);
	struct statfs fs;
	struct stat st;

	*warning = NULL;
	if (statfs(there, &fs))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder for runs, %s, cannot be looked at"), shown);
	kind = fs_in_memory(&fs);
	if (kind && !by_hand && !simulated)
		return error_set(err, TROUBLE_RUNS_IN_MEMORY,
			_("The folder for runs, %s, is on %s: the record of the repair, and with "
			  "it the way back, would be gone when this machine is switched off."),
			shown, kind);
	if (!stat(there, &st) && !S_ISDIR(st.st_mode))
		return error_set(err, TROUBLE_NO_RUN_FOLDER,
			_("The place for runs, %s, is not a folder."), shown);
	if (access(there, R_OK | W_OK | X_OK))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder for runs, %s, cannot be written to"), shown);
	if (kind)
		*warning = talloc_asprintf(mem,
			_("The record of this run is kept in %s, on %s. It is gone when this machine is switched "
			  "off; copy it to a lasting place."),
			shown, kind);
	return 0;
}

int runs_room(const char *dir, uint64_t bytes, uint64_t largest, struct error *err)
{
	struct rlimit limit;
	struct statfs fs;
	uint64_t room;
	char *shown;
	int ret;

	if (!getrlimit(RLIMIT_FSIZE, &limit) && limit.rlim_cur != RLIM_INFINITY &&
		limit.rlim_cur < largest)
		return error_advise(err,
			error_set(err, TROUBLE_NO_ROOM,
				_("This program may write files of %llu bytes, and one of this repair has %llu."),
				(unsigned long long)limit.rlim_cur, (unsigned long long)largest),
			_("Allow it larger files (ulimit -f), then try again."));
	/* A quota is not to be asked here: what cannot be told is no trouble. */
	if (place_statfs(dir, &fs))
		return 0;
	room = (uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize;
	if (room >= bytes)
		return 0;
	shown = text_shown(NULL, dir);
	ret = error_set(err, TROUBLE_NO_ROOM,
		_("The folder for runs, %s, has room for %llu bytes, and the record of this repair may need %llu."),
		shown, (unsigned long long)room, (unsigned long long)bytes);
	talloc_free(shown);
	return error_advise(err, ret, _("Make room there, or choose another place with --runs."));
}

uint64_t runs_block(const char *dir)
{
	struct statfs fs;
	uint64_t block = place_statfs(dir, &fs) ? 0 : (uint64_t)fs.f_bsize;

	return block < 4 << 10 ? 4 << 10 : block > 64 << 10 ? 64 << 10 : block;
}

int runs_prepare(TALLOC_CTX *mem, const char *dir, bool by_hand, bool simulated, char **warning,
	struct error *err)
{
	int ret = runs_suit(mem, dir, by_hand, simulated, warning, err);

	if (!ret && folder_make_all(talloc_strdup(mem, dir)))
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder for runs, %s, cannot be made"), text_shown(mem, dir));
	return ret;
}

/* ---- what is there ---- */

static char *shown_member(TALLOC_CTX *mem, const json_t *entry, const char *name)
{
	const char *text = json_string_value(json_object_get(entry, name));

	return text_shown(mem, text ? text : "");
}

const char *run_state_name(enum run_state state)
{
	static const char *const names[] = { N_("cut off"), N_("paused"), N_("done"), N_("undone"),
		N_("running"), N_("damaged") };

	return names[state];
}

static int summary_read(struct run_summary *run, TALLOC_CTX *mem, const char *runs,
	struct error *err)
{
	const json_t *begun = NULL;
	struct runfolder *folder;
	struct journal *journal = NULL;
	bool locked;
	int ret = runfolder_open(mem, runs, run->name, false, &folder, err);

	if (ret)
		return ret;
	locked = run_is_locked(runfolder_fd(folder));
	ret = journal_open(folder, folder, &journal, err);
	if (!ret)
		begun = journal_last(journal, JOURNAL_RUN);
	run->server = shown_member(mem, json_object_get(begun, "server"), "name");
	run->reach = shown_member(mem, begun, "reach");
	run->operator_name = shown_member(mem, begun, "operator");
	run->started = shown_member(mem, begun, "at");
	run->simulated = json_is_true(json_object_get(begun, "simulated"));
	run->passing = json_is_true(json_object_get(begun, "passing"));
	run->state = !journal ? STATE_DAMAGED : locked ? STATE_RUNNING : journal_state(journal);
	run->overlay_waits = journal && journal_overlay_waits(journal);
	talloc_free(folder);
	return ret == -TROUBLE_RECORD_DAMAGED ? 0 : ret;
}

int runs_list(TALLOC_CTX *mem, const char *runs, struct run_summary **list, size_t *count,
	struct error *err)
{
	int ret = runs_names(mem, runs, list, count, err);

	for (size_t i = 0; !ret && i < *count; i++)
		ret = summary_read(&(*list)[i], mem, runs, err);
	return ret;
}

/* ---- forgetting ---- */

/* Whether something goes with the record: the way back of what was changed, or a decision to
 * keep. */
static bool record_counts(const struct journal *journal)
{
	enum run_end end = journal_result(journal);
	bool counts = false;

	if (!journal_last(journal, JOURNAL_END) || end == END_UNDONE || end == END_NOTHING)
		return false;
	for (size_t i = 0; !counts && i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		counts = (entry_is(entry, JOURNAL_ACT) && entry_number(entry, "step") > 1) ||
			(entry_is(entry, JOURNAL_DECISION) &&
				entry_says(entry, "decision", "keep"));
	}
	return counts;
}

/* The tree of step 1 that this record alone knows of, to be shown; "" for none. */
static char *backup_left(TALLOC_CTX *mem, const struct journal *journal)
{
	/* It went with a server that went with the program. */
	bool gone = json_is_true(json_object_get(journal_last(journal, JOURNAL_RUN), "passing"));
	char *path = NULL;

	for (size_t i = 0; !gone && i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_DONE) && entry_number(entry, "step") == 1)
			path = json_is_true(json_object_get(entry, "undo"))
				? NULL
				: path_of_json(mem, journal_last(journal, JOURNAL_RUN), "backup");
	}
	return text_shown(mem, path ? path : "");
}

/* Files that it made over an image and that are still there. */
static char *overlays_left(TALLOC_CTX *mem, const struct journal *journal)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i), *file;
		size_t k;

		if (!entry_is(entry, JOURNAL_OVERLAY) || entry_says(entry, "state", "closed"))
			continue;
		json_array_foreach (json_object_get(entry, "files"), k, file) {
			char *path = path_of_json(mem, file, "path");

			if (path && access(path, F_OK) == 0)
				text = talloc_asprintf_append(text, "%s%s", *text ? ", " : "",
					text_shown(mem, path));
		}
	}
	return text;
}

static int forget_allowed(const struct journal *journal, const char *name, const char *backup,
	bool sure, struct error *err)
{
	int ret;

	/* Nothing can be resumed or put back where the server went with the program. */
	if (json_is_true(json_object_get(journal_last(journal, JOURNAL_RUN), "passing")))
		return 0;
	if (!journal_finished(journal))
		return error_set(err, TROUBLE_USAGE,
			_("Run %s is not finished: resume it or put it back first."), name);
	if (sure || !record_counts(journal))
		return 0;
	ret = error_set(err, TROUBLE_USAGE,
		*backup ? _("Run %s is not undone: with its record go the way back and what was decided to be kept. Its backup %s stays.")
			: _("Run %s is not undone: with its record go the way back and what was decided to be kept."),
		name, backup);
	return error_advise(err, ret,
		_("Undo it first, with --backups if the backup is to go too; or say --yes."));
}

int runs_forget(TALLOC_CTX *mem, const char *runs, const char *name, bool sure,
	struct forgotten *left, struct error *err)
{
	struct runfolder *run;
	struct journal *journal;
	char *away;
	int ret = runfolder_open(mem, runs, name, true, &run, err);

	if (ret)
		return ret;
	ret = journal_open(run, run, &journal, err);
	if (!ret) {
		*left = (struct forgotten){ talloc_strdup(mem, runfolder_name(run)),
			backup_left(mem, journal), overlays_left(mem, journal) };
		ret = forget_allowed(journal, left->name, left->backup, sure, err);
	}
	/* Who waits for its lock finds it gone. */
	away = talloc_asprintf(mem, ".forgotten-%s", runfolder_name(run));
	if (!ret && rename(runfolder_dir(run), talloc_asprintf(away, "%s/%s", runs, away)))
		ret = error_system(err, TROUBLE_IO, errno,
			_("The record of run %s cannot be removed"), runfolder_name(run));
	/* On FUSE a file that is open is only hidden, and its folder cannot go. */
	talloc_free(run);
	return ret ? ret : run_remove(runs, away, err);
}
