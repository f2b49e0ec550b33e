/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every parser of what comes from a disk, a server, a plan, a record or a teacher's file, given
 * bytes of all kinds. A target runs the parser and says what must hold whatever the bytes are; a
 * target that finds otherwise ends the program. See doc/security.md.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "nt/regdata.h"
#include "nt/regf.h"

typedef int fuzz_target(const uint8_t *bytes, size_t len);

fuzz_target fuzz_text, fuzz_path, fuzz_value, fuzz_data, fuzz_regfile, fuzz_regwrite, fuzz_regf,
	fuzz_edit, fuzz_build, fuzz_version, fuzz_plan, fuzz_journal, fuzz_report, fuzz_case,
	fuzz_evidence, fuzz_rpc, fuzz_descriptor, fuzz_frames, fuzz_diskkey, fuzz_image, fuzz_evt,
	fuzz_maillog, fuzz_mail_before;

/* Ends the program, with the sentence that does not hold. */
void must(bool holds, const char *sentence);
/* Proper UTF-8 in which nothing moves a cursor or hides. */
void must_show(const char *text);

/* What is left of the bytes. */
struct feed {
	const uint8_t *bytes;
	size_t left;
};
/* 0 once there is nothing left. */
uint8_t feed_byte(struct feed *feed);
/* Up to the next NUL or the end, as a string owned by mem. */
char *feed_text(TALLOC_CTX *mem, struct feed *feed);
/* At most len of them. */
const uint8_t *feed_bytes(struct feed *feed, size_t *len);

/*
 * A registry file whose bins are the rest of the bytes, padded with zeros to whole pages: the base
 * block in front is always sound, so that what is tried lies behind it. The first byte says the
 * version (odd: 1.5), the second where the root key is.
 */
uint8_t *feed_hive(TALLOC_CTX *mem, struct feed *feed, size_t *len);

/* Every key that is reached, its path; at most limit, each list followed at most 16 deep. */
typedef void hive_visit(void *arg, struct regf *hive, regf_key key, const char *path);
void hive_walk(struct regf *hive, size_t limit, hive_visit *visit, void *arg);

#endif
