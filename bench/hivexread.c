/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hivexread SYSTEM: the same values as regread, with libhivex and nothing else. */
#include <hivex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/inside.h"

struct sum {
	size_t values, bytes;
	uint64_t fnv;
};

static int key_read(hive_h *hive, hive_node_h key, struct sum *sum)
{
	hive_value_h *values = hivex_node_values(hive, key);

	for (size_t i = 0; values && values[i]; i++) {
		hive_type type;
		size_t len;
		char *name = hivex_value_key(hive, values[i]);
		char *data = hivex_value_value(hive, values[i], &type, &len);
		if (!name || !data)
			return -1;
		sum->values++;
		sum->bytes += len;
		for (size_t j = 0; j < len; j++)
			sum->fnv = (sum->fnv ^ (uint8_t)data[j]) * UINT64_C(1099511628211);
		free(name);
		free(data);
	}
	free(values);
	return values ? 0 : -1;
}

static int services_read(hive_h *hive, struct sum *sum)
{
	hive_node_h root = hivex_root(hive);
	hive_node_h choice = hivex_node_get_child(hive, root, "Select");
	hive_node_h set = hivex_node_get_child(hive, root, "ControlSet001");
	hive_node_h services = set ? hivex_node_get_child(hive, set, "Services") : 0;
	hive_node_h *children = services ? hivex_node_children(hive, services) : NULL;
	int ret = choice && children ? key_read(hive, choice, sum) : -1;

	for (size_t i = 0; ret == 0 && children[i]; i++) {
		char *name = hivex_node_name(hive, children[i]);
		ret = name ? key_read(hive, children[i], sum) : -1;
		free(name);
	}
	free(children);
	return ret;
}

int main(int argc, char *argv[])
{
	struct sum sum = { .fnv = UINT64_C(14695981039346656037) };
	double begin = inside_now();
	hive_h *hive = argc == 2 ? hivex_open(argv[1], 0) : NULL;

	if (!hive || services_read(hive, &sum) != 0) {
		perror("hivexread");
		return 1;
	}
	inside_print(begin);
	printf("%zu values, %zu bytes, %016llx\n", sum.values, sum.bytes,
		(unsigned long long)sum.fnv);
	hivex_close(hive);
	return 0;
}
