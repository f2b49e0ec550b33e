/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/ndr.h"

#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text.h"

/* A referent is any number but 0 that no other pointer of the request has (C706 14.3.12.3). */
enum { FIRST_REFERENT = 0x00020000, COUNTED_LIMIT = 0xfffe };

/* How far to the next multiple of align, a power of two. */
static size_t padding(size_t at, size_t align)
{
	return (align - at % align) % align;
}

void ndr_begin(struct ndr_writer *writer, TALLOC_CTX *mem)
{
	*writer = (struct ndr_writer){ .mem = mem };
}

/* Room for len more bytes behind what aligns them; NULL if it failed. */
static uint8_t *writer_room(struct ndr_writer *writer, size_t align, size_t len)
{
	const size_t at = writer->len + padding(writer->len, align), need = at + len;
	uint8_t *bytes = writer->bytes;

	if (writer->failed)
		return NULL;
	if (!bytes || talloc_get_size(bytes) < need) {
		bytes = memory_array_grow(writer->mem, bytes, 1, 2 * need);
		writer->failed = !bytes;
		if (!bytes)
			return NULL;
		writer->bytes = bytes;
	}
	memset(bytes + writer->len, 0, at - writer->len);
	writer->len = need;
	return bytes + at;
}

void ndr_put8(struct ndr_writer *writer, uint8_t number)
{
	ndr_put_raw(writer, &number, 1);
}

void ndr_put16(struct ndr_writer *writer, uint16_t number)
{
	uint8_t *room = writer_room(writer, 2, 2);

	if (room)
		put16(room, number);
}

void ndr_put32(struct ndr_writer *writer, uint32_t number)
{
	uint8_t *room = writer_room(writer, 4, 4);

	if (room)
		put32(room, number);
}

void ndr_put_raw(struct ndr_writer *writer, const void *bytes, size_t len)
{
	uint8_t *room = writer_room(writer, 1, len);

	if (room && len)
		memcpy(room, bytes, len);
}

void ndr_put_handle(struct ndr_writer *writer, const struct ndr_handle *handle)
{
	(void)writer_room(writer, 4, 0);
	ndr_put_raw(writer, handle->bytes, sizeof handle->bytes);
}

void ndr_put_pointer(struct ndr_writer *writer, bool there)
{
	ndr_put32(writer, there ? FIRST_REFERENT + 4 * writer->referents++ : 0);
}

/* A conformant and varying array of units: its room, offset 0, how many are used. */
static void put_units(struct ndr_writer *writer, size_t room, const uint8_t *units, size_t used)
{
	ndr_put32(writer, (uint32_t)room);
	ndr_put32(writer, 0);
	ndr_put32(writer, (uint32_t)used);
	ndr_put_raw(writer, units, 2 * used);
}

/* Text as UTF-16 with a NUL behind it, which *units does not count; NULL if it failed. */
static uint8_t *units_of(struct ndr_writer *writer, const char *text, size_t *units)
{
	size_t len = 0;
	uint8_t *wide = text_to_utf16(writer->mem, text, &len);
	uint8_t *ended = wide ? memory_array_grow(writer->mem, wide, 1, len + 2) : NULL;

	*units = len / 2;
	if (ended) {
		put16(ended + len, 0);
		return ended;
	}
	talloc_free(wide);
	writer->failed = true;
	return NULL;
}

void ndr_put_string(struct ndr_writer *writer, const char *text)
{
	size_t units;
	uint8_t *wide = units_of(writer, text, &units);

	if (wide)
		put_units(writer, units + 1, wide, units + 1);
	talloc_free(wide);
}

void ndr_put_string_pointer(struct ndr_writer *writer, const char *text)
{
	ndr_put_pointer(writer, text);
	if (text)
		ndr_put_string(writer, text);
}

void ndr_put_counted(struct ndr_writer *writer, const char *text, bool nul)
{
	size_t units = 0;
	uint8_t *wide = text ? units_of(writer, text, &units) : NULL;

	units += wide && nul;
	writer->failed |= 2 * units > COUNTED_LIMIT;
	/* The whole structure lies where its pointer can. */
	(void)writer_room(writer, 4, 0);
	ndr_put16(writer, (uint16_t)(2 * units));
	ndr_put16(writer, (uint16_t)(2 * units));
	ndr_put_pointer(writer, wide);
	if (wide)
		put_units(writer, units, wide, units);
	talloc_free(wide);
}

void ndr_put_room(struct ndr_writer *writer, uint16_t bytes)
{
	(void)writer_room(writer, 4, 0);
	ndr_put16(writer, 0);
	ndr_put16(writer, bytes);
	ndr_put_pointer(writer, bytes > 0);
	if (bytes > 0)
		put_units(writer, bytes / 2, NULL, 0);
}

void ndr_put_array(struct ndr_writer *writer, const void *bytes, size_t len)
{
	ndr_put32(writer, (uint32_t)len);
	ndr_put_raw(writer, bytes, len);
}

uint8_t *ndr_bytes(struct ndr_writer *writer, size_t *len)
{
	(void)writer_room(writer, 1, 0);
	*len = writer->failed ? 0 : writer->len;
	return writer->failed ? NULL : writer->bytes;
}

void ndr_read(struct ndr_reader *reader, const uint8_t *bytes, size_t len)
{
	static const uint8_t nothing[1];

	*reader = (struct ndr_reader){ .bytes = len ? bytes : nothing, .len = len };
}

/* size bytes behind what aligns them, where they lie; NULL if there are not so many. */
static const uint8_t *reader_take(struct ndr_reader *reader, size_t align, size_t size)
{
	const size_t left = reader->len - reader->at, pad = padding(reader->at, align);

	if (reader->bad || pad > left || size > left - pad) {
		reader->bad = true;
		return NULL;
	}
	reader->at += pad + size;
	return reader->bytes + reader->at - size;
}

uint8_t ndr_get8(struct ndr_reader *reader)
{
	const uint8_t *at = reader_take(reader, 1, 1);

	return at ? *at : 0;
}

uint16_t ndr_get16(struct ndr_reader *reader)
{
	const uint8_t *at = reader_take(reader, 2, 2);

	return at ? get16(at) : 0;
}

uint32_t ndr_get32(struct ndr_reader *reader)
{
	const uint8_t *at = reader_take(reader, 4, 4);

	return at ? get32(at) : 0;
}

const uint8_t *ndr_get_raw(struct ndr_reader *reader, size_t len)
{
	return reader_take(reader, 1, len);
}

void ndr_get_handle(struct ndr_reader *reader, struct ndr_handle *handle)
{
	const uint8_t *at = reader_take(reader, 4, sizeof handle->bytes);

	*handle = (struct ndr_handle){ 0 };
	if (at)
		memcpy(handle->bytes, at, sizeof handle->bytes);
}

bool ndr_get_pointer(struct ndr_reader *reader)
{
	return ndr_get32(reader) != 0;
}

const uint8_t *ndr_get_varying(struct ndr_reader *reader, size_t each, size_t *count)
{
	const uint32_t room = ndr_get32(reader), from = ndr_get32(reader), used = ndr_get32(reader);
	const uint8_t *elements = NULL;

	/* An offset is never sent by these calls; the room before it would be nobody's. */
	if (from != 0 || used > room || used > (reader->len - reader->at) / each)
		reader->bad = true;
	else
		elements = reader_take(reader, 1, each * used);
	*count = elements ? used : 0;
	return elements;
}

char *ndr_keep_text(struct ndr_reader *reader, TALLOC_CTX *mem, const uint8_t *units, size_t count)
{
	char *text = units ? text_from_utf16(mem, units, 2 * count) : NULL;

	reader->no_memory |= units && !text;
	return text;
}

char *ndr_get_string(struct ndr_reader *reader, TALLOC_CTX *mem)
{
	size_t count, end = 0;
	const uint8_t *units = ndr_get_varying(reader, 2, &count);

	if (!units || count == 0 || get16(units + 2 * (count - 1)) != 0) {
		reader->bad = true;
		return NULL;
	}
	while (get16(units + 2 * end) != 0)
		end++;
	return ndr_keep_text(reader, mem, units, end);
}

const uint8_t *ndr_get_array(struct ndr_reader *reader, size_t *len)
{
	const uint32_t count = ndr_get32(reader);
	const uint8_t *bytes = reader_take(reader, 1, count);

	*len = bytes ? count : 0;
	return bytes;
}

bool ndr_done(const struct ndr_reader *reader)
{
	return !reader->bad && !reader->no_memory && reader->at == reader->len;
}

uint32_t ndr_get_result(struct ndr_reader *reader)
{
	const uint32_t code = ndr_get32(reader);

	/* Without memory for a list it was not read to its end. */
	if (!reader->no_memory && reader->at != reader->len)
		reader->bad = true;
	return ndr_done(reader) ? code : NDR_BAD;
}

uint32_t ndr_refuse(struct ndr_reader *reader)
{
	reader->bad = true;
	return NDR_BAD;
}
