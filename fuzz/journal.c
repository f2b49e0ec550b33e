/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a run: its lines, and what the report makes of them. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "record/journal.h"
#include "report/outcome.h"
#include "report/report.h"

/* CRC-32 (ISO-HDLC) bit by bit. */
static uint32_t crc(const char *bytes, size_t len)
{
	uint32_t value = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		value ^= (uint8_t)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
	}
	return ~value;
}

/* Lines that end with a brace get number, time and the checksum of a line that was written so: what
 * is tried lies behind it. */
static char *sealed(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	char *text = talloc_strdup(mem, "");
	size_t number = 0;

	for (size_t at = 0; at < len;) {
		const uint8_t *end = memchr(bytes + at, '\n', len - at);
		size_t size = end ? (size_t)(end - bytes) - at : len - at;
		char *line;

		if (size > 2 && bytes[at] == '{' && bytes[at + size - 1] == '}') {
			line = talloc_asprintf(mem,
				"{\"n\":%zu,\"at\":\"1999-11-22T09:41:07Z\",%.*s", ++number,
				(int)(size - 2), (const char *)bytes + at + 1);
			text = talloc_asprintf_append_buffer(text, "%s,\"crc\":\"%08x\"}\n", line,
				(unsigned)crc(line, strlen(line)));
		} else {
			text = talloc_asprintf_append_buffer(text, "%.*s%s", (int)size,
				(const char *)bytes + at, end ? "\n" : "");
		}
		at += size + 1;
	}
	return text;
}

static void lines(TALLOC_CTX *mem, const char *bytes, size_t len)
{
	struct error err = { 0 };
	json_t *entries, *again;
	size_t good, good_again;
	char *copy = talloc_memdup(mem, bytes, len);

	if (journal_parse(copy, len, &entries, &good, &err) != 0) {
		must_show(err.text);
		return;
	}
	must(good <= len, "the good part is a part");
	must(journal_parse(copy, good, &again, &good_again, &err) == 0 && good_again == good &&
			json_equal(entries, again),
		"the good part alone says the same");
	must(entry_state(json_array_get(entries, json_array_size(entries) - 1)) <= STATE_UNDONE,
		"a run has a state");
	json_decref(again);
	json_decref(entries);
}

int fuzz_journal(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *text = sealed(mem, bytes, len);

	lines(mem, (const char *)bytes, len);
	lines(mem, text, strlen(text));
	talloc_free(mem);
	return 0;
}

/* ---- a whole run folder ---- */

static char place[64];

static void place_remove(void)
{
	char path[sizeof place + 64];

	(void)snprintf(path, sizeof path, "%s/19991122-094107/journal.jsonl", place);
	(void)unlink(path);
	(void)snprintf(path, sizeof path, "%s/19991122-094107/lock", place);
	(void)unlink(path);
	(void)snprintf(path, sizeof path, "%s/19991122-094107", place);
	(void)rmdir(path);
	(void)rmdir(place);
}

/* Made once, removed at the end; every trial writes the journal anew. */
static void place_make(void)
{
	char path[sizeof place + 64];

	if (*place)
		return;
	(void)snprintf(place, sizeof place, "%s/msmcfix-fuzz.XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	must(mkdtemp(place) != NULL, "there is a place");
	(void)snprintf(path, sizeof path, "%s/19991122-094107", place);
	must(mkdir(path, 0700) == 0, "there is a run");
	(void)atexit(place_remove);
}

static void place_write(const char *text)
{
	char path[sizeof place + 64];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/19991122-094107/journal.jsonl", place);
	file = fopen(path, "w");
	must(file && fwrite(text, 1, strlen(text), file) == strlen(text) && fclose(file) == 0,
		"the journal is written");
}

static void told(TALLOC_CTX *mem, struct runfolder *run)
{
	struct error err = { 0 };
	struct report *report;
	json_t *json;
	char *text;

	if (report_read(mem, run, NULL, &report, &err) != 0) {
		must_show(err.text);
		return;
	}
	json = report_json(report);
	must(json_object_size(json) > 0, "a report that was read can be written");
	for (size_t i = 0; i < 2; i++) {
		text = i == 0 ? report_text(mem, report) : report_html(mem, report);
		for (char *line = text; (line = strchr(line, '\n'));)
			*line = ' ';
		must_show(text);
	}
	must(!strstr(text, "<script"), "nothing of the record is markup");
	must_show(text_shown(mem, verdict_sentence(report_verdict(report))));
	(void)report_mail_sentence(mem, report);
	(void)report_oldfolder_sentence(report);
	json_decref(json);
}

int fuzz_report(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *evidence;
	struct oldfolder_record *record;
	struct journal *journal;
	struct runfolder *run;
	struct run_summary *runs;
	struct error err = { 0 };
	size_t count;

	place_make();
	place_write(sealed(mem, bytes, len));
	must(runs_list(mem, place, &runs, &count, &err) == 0 && count == 1,
		"a run is listed, whatever its journal");
	must_show(runs[0].server ? runs[0].server : "");
	must(runfolder_open(mem, place, "last", false, &run, &err) == 0,
		"a run is opened, whatever its journal");
	if (journal_open(mem, run, &journal, &err) == 0) {
		(void)evidence_read(mem, journal, &evidence, &err);
		(void)oldfolder_read(mem, journal, &record, &err);
		told(mem, run);
	} else {
		must_show(err.text);
	}
	talloc_free(mem);
	return 0;
}
