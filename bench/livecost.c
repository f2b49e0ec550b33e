/* SPDX-License-Identifier: GPL-3.0-or-later */
/* livecost PORT SECRET-FILE nt4|modern read|copy: what one kept read of a value takes, or how long
 * writing 64 MiB to E:\ takes, reading back apart. Prints seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/filetime.h"
#include "server/remote.h"

enum { READS = 2000, BLOCK = 1 << 20, BLOCKS = 64 };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int read_many(struct server *server, double *taken, struct error *err)
{
	double begun = now();
	int ret = 0;

	for (int i = 0; !ret && i < READS; i++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		struct reg_data *data;

		ret = server->ops->reg_read(server, mem, "SYSTEM\\Select", "Default", &data, err);
		talloc_free(mem);
	}
	*taken = (now() - begun) / READS;
	return ret;
}

static int write_much(struct server *server, double *taken, struct error *err)
{
	static uint8_t block[BLOCK];
	const struct stage_spec spec = { .target = "E:\\livecost",
		.mtime = FILETIME_NONE,
		.size = (uint64_t)BLOCK * BLOCKS };
	const double begun = now();
	struct stage *stage = NULL;
	int ret = server->ops->stage(server, NULL, &spec, &stage, err);

	for (int i = 0; !ret && i < BLOCKS; i++) {
		memset(block, i, sizeof block);
		ret = server->ops->stage_write(stage, block, sizeof block, err);
	}
	if (!ret)
		ret = server->ops->stage_ready(stage, err);
	*taken = now() - begun;
	talloc_free(stage);
	return ret;
}

int main(int argc, char **argv)
{
	struct remote_spec spec = { .host = "127.0.0.1", .user = "exadmin" };
	struct server *server;
	struct error err;
	char password[100];
	double taken = 0;
	FILE *file;
	int ret;

	if (argc != 5 || !(file = fopen(argv[2], "re")) || !fgets(password, sizeof password, file))
		return 64;
	fclose(file);
	password[strcspn(password, "\n")] = '\0';
	spec.password = password;
	spec.port = (unsigned)strtoul(argv[1], NULL, 10);
	spec.nt4 = strcmp(argv[3], "nt4") == 0;
	ret = remote_open(NULL, &spec, &server, &err);
	if (!ret)
		ret = strcmp(argv[4], "read") == 0 ? read_many(server, &taken, &err)
						   : write_much(server, &taken, &err);
	if (ret) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	talloc_free(server);
	printf("%.6f\n", taken);
	return 0;
}
