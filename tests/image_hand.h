/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disk images written out by hand, from their specifications; owned by mem, of len bytes. */
#ifndef TESTS_IMAGE_HAND_H
#define TESTS_IMAGE_HAND_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

typedef uint8_t *hand_image(TALLOC_CTX *mem, size_t *len);

/* A disk of 1 MiB whose one partition (type 07) goes from sector 63 to its end. */
hand_image hand_raw;
/* Empty disks of 1 MiB. */
hand_image hand_qcow2, hand_vmdk, hand_vhd, hand_vhdx, hand_vdi;
/* hand_raw with a footer. */
hand_image hand_fixed_vhd;
/* One segment, the first and last. */
hand_image hand_ewf;

/* hand_qcow2 on a backing file; format NULL: it is not said. */
uint8_t *hand_qcow2_on(TALLOC_CTX *mem, size_t *len, const char *backing, size_t backing_len,
	const char *format);
/* A VHD's sum at off over len bytes, anew. */
void hand_vhd_sum(uint8_t *bytes, size_t len, size_t off);
void hand_be32(uint8_t *at, uint32_t value);

#endif
