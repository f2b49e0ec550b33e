/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PE32 files from nothing (Microsoft's PE and COFF specification): MZ header, PE header, a code
 * section, and a resource section with VS_VERSIONINFO. They say openly that
 * they are practice files; their code returns at once.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "practice/parts.h"

enum {
	PE_AT = 0x80,        /* where the MZ header says the PE header is */
	OPTIONAL_SIZE = 224, /* PE32 with 16 data directories */
	HEADERS_SIZE = 0x400,
	FILE_ALIGN = 0x200,
	SECTION_ALIGN = 0x1000,
	IMAGE_BASE = 0x00400000,
	RT_VERSION = 16,
	LANGUAGE = 0x0409,
};

static uint32_t round_up(size_t number, uint32_t to)
{
	return (uint32_t)((number + to - 1) / to * to);
}

static bool is_dll(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && text_equal(name + len - 4, ".dll");
}

static void put_text(struct practice_buf *buf, const char *text)
{
	practice_put_utf16(buf, text);
	practice_put16(buf, 0);
}

static void put_all32(struct practice_buf *buf, const uint32_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		practice_put32(buf, numbers[i]);
}

/* ---- VS_VERSIONINFO: blocks of length, length of value, type, name, value, children; each block
 * begins at a multiple of 4 ---- */

static size_t block_begin(struct practice_buf *buf, const char *name, size_t value_len,
	uint32_t type)
{
	size_t start;

	practice_align(buf, 4);
	start = buf->len;
	practice_put16(buf, 0);
	practice_put16(buf, (uint32_t)value_len);
	practice_put16(buf, type);
	put_text(buf, name);
	practice_align(buf, 4);
	return start;
}

static void block_end(struct practice_buf *buf, size_t start)
{
	practice_set16(buf, start, (uint32_t)(buf->len - start));
}

static void fixed_info(struct practice_buf *buf, const struct practice_pe *spec)
{
	const uint16_t *v = spec->version.part;
	const uint32_t high = (uint32_t)v[0] << 16 | v[1], low = (uint32_t)v[2] << 16 | v[3];
	const uint32_t kind = is_dll(spec->name) ? 2 : 1;
	/* Signature, structure 1.0, file and product version, flags, Windows NT 32 bit, kind of
	 * file, no date. */
	const uint32_t words[] = { 0xfeef04bd, 0x10000, high, low, high, low, 0x3f, 0, 0x40004,
		kind, 0, 0, 0 };

	put_all32(buf, words, ARRAY_SIZE(words));
}

static void string_block(struct practice_buf *buf, const char *name, const char *text)
{
	/* Counted in characters; ours are all ASCII. */
	size_t start = block_begin(buf, name, strlen(text) + 1, 1);

	put_text(buf, text);
	block_end(buf, start);
}

static void string_table(struct practice_buf *buf, const struct practice_pe *spec)
{
	size_t info = block_begin(buf, "StringFileInfo", 0, 1);
	size_t table = block_begin(buf, "040904b0", 0, 1);
	char version[24], about[80];

	pe_version_text(&spec->version, version);
	snprintf(about, sizeof(about), "Practice file in the place of %s", spec->name);
	string_block(buf, "CompanyName", "msmcfix practice server");
	string_block(buf, "FileDescription", about);
	string_block(buf, "FileVersion", version);
	string_block(buf, "InternalName", spec->name);
	string_block(buf, "OriginalFilename", spec->name);
	string_block(buf, "ProductName", "Practice server");
	string_block(buf, "ProductVersion", version);
	block_end(buf, table);
	block_end(buf, info);
}

static void version_info(struct practice_buf *buf, const struct practice_pe *spec)
{
	size_t start = block_begin(buf, "VS_VERSION_INFO", 52, 0);
	size_t var_info, translation;

	fixed_info(buf, spec);
	string_table(buf, spec);
	var_info = block_begin(buf, "VarFileInfo", 0, 1);
	translation = block_begin(buf, "Translation", 4, 0);
	practice_put32(buf, 1200u << 16 | LANGUAGE);
	block_end(buf, translation);
	block_end(buf, var_info);
	block_end(buf, start);
}

/* ---- The resource section ---- */

enum { DATA_ENTRY = 3 * 24, RESOURCE_DATA = DATA_ENTRY + 16 };

/* A directory with one entry. */
static void directory(struct practice_buf *buf, uint32_t id, uint32_t leads_to)
{
	practice_zeros(buf, 14);
	practice_put16(buf, 1);
	practice_put32(buf, id);
	practice_put32(buf, leads_to);
}

/* Directories of type, name and language, the data entry, the data. */
static struct practice_buf resources(TALLOC_CTX *mem, const struct practice_pe *spec)
{
	struct practice_buf buf = { .mem = mem };

	directory(&buf, RT_VERSION, 0x80000000u | 24);
	directory(&buf, 1, 0x80000000u | 48);
	directory(&buf, LANGUAGE, DATA_ENTRY);
	practice_zeros(&buf, 16);
	version_info(&buf, spec);
	practice_set32(&buf, DATA_ENTRY + 4, (uint32_t)buf.len - RESOURCE_DATA);
	return buf;
}

/* ---- The file ---- */

struct layout {
	uint32_t text_size, rsrc_at, rsrc_size, rsrc_raw, image_size;
};

static struct layout layout_of(const struct practice_pe *spec, size_t rsrc_len)
{
	struct layout l = { .rsrc_size = (uint32_t)rsrc_len,
		.rsrc_raw = round_up(rsrc_len, FILE_ALIGN) };
	const size_t rest = HEADERS_SIZE + l.rsrc_raw + FILE_ALIGN;

	l.text_size = spec->size > rest ? round_up(spec->size - rest, FILE_ALIGN) + FILE_ALIGN
					: FILE_ALIGN;
	l.rsrc_at = SECTION_ALIGN + round_up(l.text_size, SECTION_ALIGN);
	l.image_size = l.rsrc_at + round_up(rsrc_len, SECTION_ALIGN);
	return l;
}

static void mz_header(struct practice_buf *buf)
{
	/* mov ax,4c01h; int 21h: ends with 1 under DOS */
	static const uint8_t stub[] = { 0xb8, 0x01, 0x4c, 0xcd, 0x21 };
	static const uint16_t words[] = { 0x5a4d, 0x80, 1, 0, 4, 0, 0xffff, 0, 0xb8, 0, 0, 0,
		0x40 };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		practice_put16(buf, words[i]);
	practice_zeros(buf, 0x3c - buf->len);
	practice_put32(buf, PE_AT);
	practice_put(buf, stub, sizeof(stub));
	practice_zeros(buf, PE_AT - buf->len);
}

static void pe_header(struct practice_buf *buf, const struct practice_pe *spec,
	const struct layout *l)
{
	const bool dll = is_dll(spec->name);
	const uint32_t numbers[] = {
		/* "PE", Intel 386, two sections */
		0x4550, 2u << 16 | 0x014c, (uint32_t)spec->built, 0, 0,
		(dll ? 0x230eu : 0x030fu) << 16 | OPTIONAL_SIZE, 0x0006010b, l->text_size,
		l->rsrc_raw, 0,                           /* PE32, linker 6.0 */
		SECTION_ALIGN, SECTION_ALIGN, l->rsrc_at, /* entry point: first byte of .text */
		dll ? 0x10000000 : IMAGE_BASE, SECTION_ALIGN, FILE_ALIGN, 4, 0, 4,
		0,                              /* operating system 4.0, image 0.0, subsystem 4.0 */
		l->image_size, HEADERS_SIZE, 0, /* no checksum: only drivers need one */
		dll ? 2 : 3, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16, 0, 0, 0, 0, l->rsrc_at,
		l->rsrc_size, /* data directories: only the third is used */
	};

	put_all32(buf, numbers, ARRAY_SIZE(numbers));
	practice_zeros(buf, 13 * 8);
}

/* Name (8 bytes), size and address in memory, size and place in the file, three unused, flags. */
static void section_header(struct practice_buf *buf, const char *name, const uint32_t places[4],
	uint32_t flags)
{
	practice_put(buf, name, strlen(name));
	practice_align(buf, 8);
	put_all32(buf, places, 4);
	practice_zeros(buf, 12);
	practice_put32(buf, flags);
}

static void section_headers(struct practice_buf *buf, const struct layout *l)
{
	const uint32_t text[] = { l->text_size, SECTION_ALIGN, l->text_size, HEADERS_SIZE },
		       rsrc[] = { l->rsrc_size, l->rsrc_at, l->rsrc_raw,
			       HEADERS_SIZE + l->text_size };

	section_header(buf, ".text", text, 0x60000020);
	section_header(buf, ".rsrc", rsrc, 0x40000040);
	practice_zeros(buf, HEADERS_SIZE - buf->len);
}

static void text_section(struct practice_buf *buf, const struct practice_pe *spec, size_t size)
{
	static const uint8_t code[] = { 0x31, 0xc0, 0xc3 }; /* xor eax,eax; ret */
	const uint16_t *v = spec->version.part;
	uint8_t *at = practice_zeros(buf, size);

	if (!at)
		return;
	practice_noise((uint64_t)v[0] << 48 | (uint64_t)v[1] << 32 | (uint64_t)v[2] << 16 | v[3],
		spec->name, at, size);
	memcpy(at, code, sizeof(code));
}

struct practice_buf practice_pe(TALLOC_CTX *mem, const struct practice_pe *spec)
{
	struct practice_buf buf = { .mem = mem }, rsrc = resources(mem, spec);
	const struct layout l = layout_of(spec, rsrc.len);

	practice_set32(&rsrc, DATA_ENTRY, l.rsrc_at + RESOURCE_DATA);
	mz_header(&buf);
	pe_header(&buf, spec, &l);
	section_headers(&buf, &l);
	text_section(&buf, spec, l.text_size);
	practice_put(&buf, rsrc.bytes, rsrc.len);
	practice_zeros(&buf, l.rsrc_raw - l.rsrc_size);
	buf.failed = buf.failed || rsrc.failed;
	talloc_free(rsrc.bytes);
	return buf;
}
