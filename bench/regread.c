/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regread DRIVE: the registry part of `check` alone: opens the disks, reads Select and every value
 * of every service. */
#include <stdio.h>

#include "bench/inside.h"
#include "server/disks.h"

struct sum {
	size_t values, bytes;
	uint64_t fnv; /* so that both readers can be seen to have read the same */
};

static void sum_key(struct sum *sum, const struct reg_key *key)
{
	for (size_t i = 0; key && i < key->value_count; i++) {
		const struct reg_data *data = &key->values[i].data;
		sum->values++;
		sum->bytes += data->len;
		for (size_t j = 0; j < data->len; j++)
			sum->fnv = (sum->fnv ^ data->bytes[j]) * UINT64_C(1099511628211);
	}
}

/* Reads a key's values; the names of its subkeys go to *key, if asked for. */
static int key_read(struct server *server, TALLOC_CTX *mem, const char *path, struct reg_key **key,
	struct sum *sum, struct error *err)
{
	struct reg_key *read = NULL;
	int ret = server->ops->reg_list(server, mem, path, &read, err);

	if (ret == 0)
		sum_key(sum, read);
	if (key)
		*key = read;
	else
		talloc_free(read);
	return ret;
}

static int services_read(struct server *server, struct sum *sum, struct error *err)
{
	static const char services[] = "SYSTEM\\ControlSet001\\Services";
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reg_key *key = NULL;
	int ret = key_read(server, mem, "SYSTEM\\Select", NULL, sum, err);

	if (ret == 0)
		ret = key_read(server, mem, services, &key, sum, err);
	for (size_t i = 0; ret == 0 && key && i < key->subkey_count; i++) {
		char *path = talloc_asprintf(mem, "%s\\%s", services, key->subkeys[i]);
		ret = path ? key_read(server, mem, path, NULL, sum, err) : error_memory(err);
		talloc_free(path);
	}
	talloc_free(mem);
	return ret;
}

int main(int argc, char *argv[])
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct disks_options options = { 0 };
	struct sum sum = { .fnv = UINT64_C(14695981039346656037) };
	struct server *server;
	struct error err;
	double begin;
	int ret;

	if (argc != 2)
		return 64;
	options.drives = talloc_asprintf(mem, "C=%s", argv[1]);
	ret = disks_open(mem, &options, &server, &err);
	/* Drives and folders are no part of the registry, but the header of SYSTEM is read by
	 * now. */
	begin = inside_now();
	if (ret == 0)
		ret = services_read(server, &sum, &err);
	if (ret == 0) {
		inside_print(begin);
		printf("%zu values, %zu bytes, %016llx\n", sum.values, sum.bytes,
			(unsigned long long)sum.fnv);
	} else {
		fprintf(stderr, "regread: %s\n", err.text);
	}
	talloc_free(mem);
	return ret != 0;
}
