/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a disk image as they were, in plans and journals. */
#ifndef REPAIR_STAMPS_H
#define REPAIR_STAMPS_H

#include <jansson.h>

#include "server/image_file.h"

/* A list of "path" (percent-coded), "size", "mtime", "inode" and "sha256". New reference, NULL for
 * want of memory. */
json_t *stamps_json(const struct image_stamp *stamps, size_t count);
/* Out of one, owned by mem. TROUBLE_RECORD_DAMAGED. */
int stamps_parse(TALLOC_CTX *mem, const json_t *list, struct image_stamp **stamps, size_t *count,
	struct error *err);

#endif
