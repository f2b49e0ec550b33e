/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a journal: each proved by its own sum, read from the disk a piece at a time. */
#include "run/journal_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "run/runfolder_internal.h"

/* ,"crc":"01234567"} */
enum { CRC_TAIL = 18, PIECE = 64 << 10 };

/* CRC-32 as in ISO-HDLC (zip, Ethernet), half a byte at a time. */
uint32_t line_crc(const char *bytes, size_t len)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint8_t)bytes[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

const char *entry_what(const json_t *entry)
{
	return json_string_value(json_object_get(entry, "what"));
}

bool entry_is(const json_t *entry, const char *what)
{
	return !strcmp(entry_what(entry), what);
}

int entry_number(const json_t *entry, const char *member)
{
	json_int_t number = json_integer_value(json_object_get(entry, member));

	return number > 0 && number < 1000000000 ? (int)number : 0;
}

json_t *line_parse(const char *line, size_t len, size_t number)
{
	char tail[CRC_TAIL + 1];
	json_t *entry;

	if (len < CRC_TAIL + 2)
		return NULL;
	(void)snprintf(tail, sizeof tail, ",\"crc\":\"%08x\"}", (unsigned)line_crc(line, len - CRC_TAIL));
	if (memcmp(line + len - CRC_TAIL, tail, CRC_TAIL) != 0)
		return NULL;
	entry = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	if (entry && json_integer_value(json_object_get(entry, "n")) == (json_int_t)number &&
	    json_is_string(json_object_get(entry, "at")) && json_is_string(json_object_get(entry, "what")))
		return entry;
	json_decref(entry);
	return NULL;
}

/* ---- line by line ---- */

/*
 * What stands behind the last whole line may be a line that a power cut tore: one that has no end, or one with pages that never reached the disk
 * (zeros). Nothing whole may follow it, for then it once was whole.
 */
static int reading_line(struct reading *reading, const char *line, size_t len, bool ended)
{
	json_t *entry = NULL;
	int failed = 0;

	if (ended || reading->torn)
		entry = line_parse(line, len, reading->torn ? reading->expected++ : reading->number + 1);
	if (entry && reading->torn) {
		reading->damaged = true;
	} else if (entry) {
		failed = reading->visit(reading->arg, entry, reading->good, len);
		reading->number++;
		reading->good += len + 1;
	} else if (!reading->torn) {
		reading->torn = true;
		reading->expected = reading->number + 2;
		reading->damaged = ended && !memchr(line, '\0', len);
	}
	json_decref(entry);
	return failed;
}

static int reading_end(const struct reading *reading, int failed, struct error *err)
{
	if (failed)
		return error_memory(err);
	if (reading->damaged)
		return error_set(err, TROUBLE_RECORD_DAMAGED, _("Line %zu of the journal is damaged."), reading->number + 1);
	return 0;
}

/* All whole lines of text; *used is how much they are. */
static int reading_text(struct reading *reading, const char *text, size_t len, size_t *used)
{
	int failed = 0;

	*used = 0;
	while (!failed && !reading->damaged && *used < len) {
		const char *end = memchr(text + *used, '\n', len - *used);

		if (!end)
			break;
		failed = reading_line(reading, text + *used, (size_t)(end - text) - *used, true);
		*used = (size_t)(end - text) + 1;
	}
	return failed;
}

static int entry_append(void *arg, json_t *entry, uint64_t off, size_t len)
{
	(void)off, (void)len;
	return json_array_append(arg, entry);
}

int journal_parse(const char *bytes, size_t len, json_t **entries, size_t *good, struct error *err)
{
	struct reading reading = { .visit = entry_append };
	size_t used;
	int result;

	*good = 0;
	reading.arg = *entries = json_array();
	if (!*entries)
		return error_memory(err);
	result = reading_text(&reading, bytes, len, &used);
	if (!result && !reading.damaged && used < len)
		result = reading_line(&reading, bytes + used, len - used, false);
	result = reading_end(&reading, result, err);
	*good = (size_t)reading.good;
	if (result) {
		json_decref(*entries);
		*entries = NULL;
	}
	return result;
}

/* A piece of the file at a time; a line longer than that makes the piece grow. */
struct piece {
	char *bytes;
	size_t len, room;
	uint64_t off;              /* of what is to be read next */
};

static int piece_more(struct piece *piece, int fd, bool *end, struct error *err)
{
	ssize_t got;

	*end = false;
	if (piece->len == piece->room) {
		char *grown = memory_array_grow(NULL, piece->bytes, 1, piece->room ? 2 * piece->room : PIECE);

		if (!grown)
			return error_memory(err);
		piece->bytes = grown;
		piece->room = piece->room ? 2 * piece->room : PIECE;
	}
	do
		got = pread(fd, piece->bytes + piece->len, piece->room - piece->len, (off_t)piece->off);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_system(err, TROUBLE_IO, errno, _("%s of the run cannot be read"), JOURNAL_FILE);
	*end = got == 0;
	piece->len += (size_t)got;
	piece->off += (uint64_t)got;
	if (piece->off > JOURNAL_LIMIT)
		return error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of the run is no file of a size that can be right."), JOURNAL_FILE);
	return 0;
}

int reading_file(struct reading *reading, int fd, struct error *err)
{
	struct piece piece = { NULL, 0, 0, 0 };
	bool end = false;
	int result = 0, failed = 0;

	while (!result && !failed && !reading->damaged && !end) {
		size_t used = 0;

		result = piece_more(&piece, fd, &end, err);
		if (!result)
			failed = reading_text(reading, piece.bytes, piece.len, &used);
		if (!failed && end && used < piece.len)
			failed = reading_line(reading, piece.bytes + used, piece.len - used, false);
		piece.len -= used;
		memmove(piece.bytes, piece.bytes + used, piece.len);
	}
	talloc_free(piece.bytes);
	return result ? result : reading_end(reading, failed, err);
}

int journal_file(int dir, int *fd, struct error *err)
{
	struct stat st;

	*fd = openat(dir, JOURNAL_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd < 0 && errno == ENOENT)
		return 0;
	if (*fd < 0)
		return error_system(err, TROUBLE_IO, errno, _("%s of the run cannot be opened"), JOURNAL_FILE);
	if (!fstat(*fd, &st) && S_ISREG(st.st_mode))
		return 0;
	close(*fd);
	*fd = -1;
	return error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of the run is no file of a size that can be right."), JOURNAL_FILE);
}

static int entry_ends(void *arg, json_t *entry, uint64_t off, size_t len)
{
	struct journal_ends *ends = arg;

	(void)off, (void)len;
	if (!ends->run && entry_is(entry, "run"))
		ends->run = json_incref(entry);
	json_decref(ends->last);
	ends->last = json_incref(entry);
	return 0;
}

int journal_ends(int dir, struct journal_ends *ends, struct error *err)
{
	struct reading reading = { .visit = entry_ends, .arg = ends };
	int fd, result = journal_file(dir, &fd, err);

	*ends = (struct journal_ends){ NULL, NULL };
	if (result || fd < 0)
		return result;
	result = reading_file(&reading, fd, err);
	close(fd);
	return result;
}
