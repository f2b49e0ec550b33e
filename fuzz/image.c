/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers of disk images: told by magic, or (after a first byte below seven) by what stands on
 * them; extents and segments. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "server/image_private.h"

/* A name of another file is a plain one. */
static void must_be_plain(const char *name)
{
	must(*name && !strpbrk(name, "/:") && strcmp(name, ".") != 0 && strcmp(name, "..") != 0,
		"no other file lies outside the folder");
}

int fuzz_image(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	enum image_format told =
		len && *bytes < IMAGE_EWF ? (enum image_format) * bytes : IMAGE_EWF;
	size_t skip = told != IMAGE_EWF;
	struct image_bytes file = { .path = "x",
		.head_len = len - skip,
		.size = len - skip,
		.fd = -1 };
	struct image_extent extent = { .end = len };
	struct image_header header;
	struct error err = { 0 };
	bool more;

	/* Its own copy, so that a byte too far is seen. */
	file.head = talloc_memdup(mem, bytes + skip, len - skip);
	if (image_header_read(mem, &file, skip ? &told : NULL, &header, &err) != 0)
		must_show(err.text);
	else {
		if (header.backing)
			must_be_plain(header.backing);
		for (size_t i = 0; i < header.extent_count; i++)
			must_be_plain(header.extents[i].name);
		must(header.length <= file.size, "a raw disk is no longer than its file");
	}
	for (int kind = EXTENT_FLAT; kind <= EXTENT_SESPARSE; kind++) {
		extent.kind = (enum image_extent_kind)kind;
		(void)image_extent_read(&file, &extent, &err);
	}
	(void)image_segment_read(&file, 2, &more, &err);
	talloc_free(mem);
	return 0;
}
