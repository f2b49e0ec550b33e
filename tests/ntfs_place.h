/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mounted NTFS volume, for the tests on it; and what is set and seen of it from outside: through
 * ntfs-3g's own extended attributes or in the image, not through the code under test. */
#ifndef TESTS_NTFS_PLACE_H
#define TESTS_NTFS_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/volume.h"

struct place {
	struct volume *volume; /* E: */
	struct server *server; /* after place_serve */
	struct error err;
};

/* Where it is mounted. */
extern const char *place_mounted;

/* cmocka's: *state is a struct place. */
int place_setup(void **state);
int place_teardown(void **state);
/* The path of this machine, owned by place. */
const char *place_below(struct place *place, const char *name);
/* Opens a server with its E: there. */
void place_serve(struct place *place);

/* A self-relative security descriptor (MS-DTYP 2.4.6): owner and group BUILTIN\Administrators,
 * everyone may read and execute. */
enum { OUTSIDE_ACL = 80 };
extern const uint8_t outside_acl[OUTSIDE_ACL];

/* Sets an extended attribute. */
void outside_set(const char *file, const char *attribute, const void *value, size_t len);
/* A file with everything an NT file can have: that descriptor, attributes, the time it was made. */
void outside_make(const char *file, const char *content);
/* The file has all of that; it has an extended attribute of just that value. */
void outside_wants(const char *file);
void outside_wants_xattr(const char *file, const char *attribute, const void *value, size_t len);

/* Changes an image that is not mounted: "mark" sets the flag of $Volume's record (number 3;
 * attribute type 0x70, flags at 10 of its value) and of its copy, "lose" spoils the record of the
 * file Broken.txt. */
int outside_image(const char *image, bool mark);

#endif
