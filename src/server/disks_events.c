/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event logs of a server that is off, from their files. */
#include "server/disks_private.h"

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

/* More than Event Viewer of Windows NT 4.0 lets a log grow to by itself; the default is 512 KB. */
enum { FILE_MOST = 64 << 20 };

/* A log may grow while it is read; more often than that it does not. */
enum { TRIES = 3 };

/* The file of a log where the registry names none. */
static const char *file_default(const char *log)
{
	static const char *const names[][2] = { { "Application", "AppEvent" },
		{ "Security", "SecEvent" }, { "System", "SysEvent" } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (text_equal(log, names[i][0]))
			return names[i][1];
	return log;
}

/* As the value File says, full; what it says otherwise is not followed. */
static int file_of(struct server *server, TALLOC_CTX *mem, const char *log, char **path,
	struct error *err)
{
	const char *folder = server->id.nt_folder;
	struct path_span *spans;
	char *set, *key, *text;
	size_t count;
	int ret = disks_control_set(server, mem, &set, err);

	if (ret != 0)
		return ret;
	key = talloc_asprintf(mem, "%s\\Services\\EventLog\\%s", set, log);
	ret = key ? server_reg_text(server, mem, key, "File", &text, err) : error_memory(err);
	if (ret != 0)
		return ret;
	spans = path_spans(mem, text, PATH_PLAIN, folder, &count);
	if (!spans)
		return error_memory(err);
	*path = count && spans[0].full
		? spans[0].full
		: talloc_asprintf(mem, "%s\\system32\\config\\%s.Evt", folder, file_default(log));
	return *path ? 0 : error_memory(err);
}

static int file_read(struct server *server, TALLOC_CTX *mem, const char *path, uint8_t **bytes,
	size_t *len, struct error *err)
{
	int ret = -TROUBLE_MOVED;

	for (int i = 0; ret == -TROUBLE_MOVED && i < TRIES; i++)
		ret = server_read_file(server, mem, path, FILE_MOST, bytes, len, err);
	if (ret == 0 && !evt_is_file(*bytes, *len))
		ret = error_advise(err,
			error_set(err, TROUBLE_IO, _("%s is not an event log."), path),
			_("Check what that file is, and put the right one in its place."));
	return ret;
}

struct telling {
	server_event_fn *fn;
	void *arg;
	struct error *err;
	int ret; /* of fn */
};

static int tell(void *arg, const struct evt_record *record)
{
	struct telling *telling = arg;

	telling->ret = telling->fn(telling->arg, record, telling->err);
	return telling->ret;
}

static int log_walk(const uint8_t *bytes, size_t len, uint32_t after, struct telling *telling,
	struct event_log *told)
{
	struct evt_walk walk;
	bool cleared;
	int ret = evt_walk(bytes, len, after, tell, telling, &walk);

	/* It was emptied, and its numbers began anew. */
	cleared = ret == 0 && walk.newest < after;
	if (cleared)
		ret = evt_walk(bytes, len, 0, tell, telling, &walk);
	*told = (struct event_log){ .found = true,
		.oldest = walk.oldest,
		.newest = walk.newest,
		.partly = walk.dirty || walk.damaged || cleared ||
			(after != 0 && walk.oldest != 0 && walk.oldest - 1 > after) };
	if (ret != 0 && telling->ret == 0)
		return error_memory(telling->err);
	return ret;
}

int disks_events(struct server *server, const char *log, uint32_t after, server_event_fn *fn,
	void *arg, struct event_log *told, struct error *err)
{
	struct telling telling = { .fn = fn, .arg = arg, .err = err };
	TALLOC_CTX *tmp = talloc_new(NULL);
	enum entry_kind kind = ENTRY_NONE;
	uint8_t *bytes;
	size_t len;
	char *path;
	int ret = file_of(server, tmp, log, &path, err);

	*told = (struct event_log){ 0 };
	if (ret == 0)
		ret = server_kind(server, path, &kind, err);
	if (ret == 0 && kind != ENTRY_NONE) {
		ret = file_read(server, tmp, path, &bytes, &len, err);
		if (ret == 0)
			ret = log_walk(bytes, len, after, &telling, told);
	}
	talloc_free(tmp);
	return ret;
}
