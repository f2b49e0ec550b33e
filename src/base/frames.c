/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames as bytes. On the wire each number of the head has 32 bits. */
#include "base/frames.h"

#include <string.h>

#include "base/bytes.h"

enum { FIRST_ROOM = 512 };

void frame_begin(struct frame_writer *writer, TALLOC_CTX *mem)
{
	*writer = (struct frame_writer){ .mem = mem, .len = FRAME_HEAD };
	writer->bytes = talloc_zero_size(mem, FIRST_ROOM);
	writer->failed = !writer->bytes;
}

/* Grows by moving: a password may be in there, and what is left behind is wiped. */
static bool writer_grow(struct frame_writer *writer, size_t need)
{
	size_t room = talloc_get_size(writer->bytes),
	       doubled = need < FRAME_LIMIT / 2 ? need * 2 : FRAME_LIMIT;
	uint8_t *larger;

	if (need <= room)
		return true;
	larger = talloc_size(writer->mem, doubled);
	if (!larger)
		return false;
	memcpy(larger, writer->bytes, writer->len);
	explicit_bzero(writer->bytes, room);
	talloc_free(writer->bytes);
	writer->bytes = larger;
	return true;
}

static void writer_put(struct frame_writer *writer, const void *bytes, size_t len)
{
	if (!writer->failed &&
		(len > FRAME_LIMIT - writer->len || !writer_grow(writer, writer->len + len)))
		writer->failed = true;
	if (writer->failed || len == 0)
		return;
	memcpy(writer->bytes + writer->len, bytes, len);
	writer->len += len;
}

void frame_put32(struct frame_writer *writer, uint32_t number)
{
	uint8_t bytes[4];

	put32(bytes, number);
	writer_put(writer, bytes, sizeof bytes);
}

void frame_put64(struct frame_writer *writer, uint64_t number)
{
	uint8_t bytes[8];

	put64(bytes, number);
	writer_put(writer, bytes, sizeof bytes);
}

void frame_put_bytes(struct frame_writer *writer, const void *bytes, size_t len)
{
	if (len > FRAME_LIMIT)
		writer->failed = true;
	frame_put32(writer, (uint32_t)len);
	writer_put(writer, bytes, len);
}

void frame_put_text(struct frame_writer *writer, const char *text)
{
	frame_put_bytes(writer, text, text ? strlen(text) : 0);
}

uint8_t *frame_pack(struct frame_writer *writer, const struct frame *head, size_t *len)
{
	if (writer->failed)
		return NULL;
	put32(writer->bytes, (uint32_t)(writer->len - FRAME_HEAD));
	put32(writer->bytes + 4, head->number);
	put32(writer->bytes + 8, head->verb);
	put32(writer->bytes + 12, head->status);
	put32(writer->bytes + 16, head->code);
	*len = writer->len;
	return writer->bytes;
}

size_t frame_length(const uint8_t *head)
{
	uint32_t len = get32(head), verb = get32(head + 8), status = get32(head + 12);

	if (len > FRAME_LIMIT - FRAME_HEAD || verb > UINT16_MAX || status > FRAME_REFUSED)
		return 0;
	return FRAME_HEAD + (size_t)len;
}

void frame_unpack(const uint8_t *bytes, struct frame *frame)
{
	*frame = (struct frame){ .number = get32(bytes + 4),
		.verb = get16(bytes + 8),
		.status = get16(bytes + 12),
		.code = get32(bytes + 16),
		.body = bytes + FRAME_HEAD,
		.len = get32(bytes) };
}

void frame_read(struct frame_reader *reader, const struct frame *frame)
{
	*reader = (struct frame_reader){ .bytes = frame->body, .len = frame->len };
}

static const uint8_t *reader_take(struct frame_reader *reader, size_t len)
{
	const uint8_t *at = reader->bytes + reader->at;

	if (reader->bad || len > reader->len - reader->at) {
		reader->bad = true;
		return NULL;
	}
	reader->at += len;
	return at;
}

uint32_t frame_get32(struct frame_reader *reader)
{
	const uint8_t *bytes = reader_take(reader, 4);

	return bytes ? get32(bytes) : 0;
}

uint64_t frame_get64(struct frame_reader *reader)
{
	const uint8_t *bytes = reader_take(reader, 8);

	return bytes ? get64(bytes) : 0;
}

const uint8_t *frame_get_bytes(struct frame_reader *reader, size_t *len)
{
	uint32_t given = frame_get32(reader);
	const uint8_t *bytes = reader_take(reader, given);

	*len = bytes ? given : 0;
	return bytes ? bytes : (const uint8_t *)"";
}

char *frame_get_text(struct frame_reader *reader, TALLOC_CTX *mem)
{
	size_t len;
	const uint8_t *bytes = frame_get_bytes(reader, &len);

	if (memchr(bytes, '\0', len)) {
		reader->bad = true;
		len = 0;
	}
	return talloc_strndup(mem, (const char *)bytes, len);
}

bool frame_done(const struct frame_reader *reader)
{
	return !reader->bad && reader->at == reader->len;
}
