/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hive in the making: the tree, before regf_layout.c gives every cell its place. */
#ifndef NT_REGF_BUILD_INTERNAL_H
#define NT_REGF_BUILD_INTERNAL_H

#include "nt/regf_build.h"
#include "nt/regf_internal.h"

struct build_value {
	struct regf_name name;
	struct reg_data *data;
};

struct build_key {
	struct regf_name name;
	struct build_key **children; /* in the order of their names */
	size_t nchildren;
	struct build_value *values; /* in the order they came */
	size_t nvalues;
};

struct regf_build {
	struct build_key *root;
	char *file_name;
	uint64_t time;
	uint32_t sequence1, sequence2;
};

#endif
