/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copytree C-DRIVE E-DRIVE: copies E:\tree to E:\copy as step 1 does: hashed, with its traits, made
 * to last, read back. */
#include <stdio.h>

#include "server/copy.h"
#include "server/disks.h"

enum { FILES_LIMIT = 100000 };

int main(int argc, char *argv[])
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct disks_options options = { 0 };
	struct copy_list list = { 0 };
	struct server *server;
	struct error err;
	int ret;

	if (argc != 3)
		return 64;
	options.drives = talloc_asprintf(mem, "C=%s,E=%s", argv[1], argv[2]);
	ret = disks_open(mem, &options, &server, &err);
	if (ret == 0)
		ret = copy_walk(server, mem, "E:\\tree", FILES_LIMIT, &list, &err);
	if (ret == 0)
		ret = copy_tree(server, "E:\\tree", "E:\\copy", &list, NULL, &err);
	if (ret == 0)
		printf("%zu files and folders, %llu bytes\n", list.count,
			(unsigned long long)list.bytes);
	else
		fprintf(stderr, "copytree: %s\n", err.text);
	talloc_free(mem);
	return ret != 0;
}
