/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every way of reaching a server gets for nothing: whole files, digests, values as text and
 * numbers. */
#include "server/server.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"

int server_read_file(struct server *server, TALLOC_CTX *mem, const char *path, size_t limit,
	uint8_t **bytes, size_t *len, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct server_file *file;
	uint64_t size;
	size_t got = 0;
	uint8_t *buf = NULL, more;
	int ret = server->ops->file_open(server, tmp, path, &file, &size, err);

	if (ret == 0 && size > limit)
		ret = error_advise(err,
			error_set(err, TROUBLE_IO,
				_("%s is larger than the %zu bytes expected at most."), path,
				limit),
			_("Check what that file is, and put the right one in its place."));
	if (ret == 0) {
		buf = memory_array(tmp, 1, (size_t)size);
		ret = buf ? server->ops->file_read(file, 0, buf, (size_t)size, len, err)
			  : error_memory(err);
	}
	if (ret == 0)
		ret = server->ops->file_read(file, size, &more, 1, &got, err);
	if (ret == 0 && (got != 0 || *len != size))
		ret = error_set(err, TROUBLE_MOVED, _("%s changed while it was read."), path);
	if (ret == 0)
		*bytes = talloc_steal(mem, buf);
	talloc_free(tmp);
	return ret;
}

int server_kind(struct server *server, const char *path, enum entry_kind *kind, struct error *err)
{
	struct file_meta meta;
	bool found;
	int ret = path ? server->ops->file_stat(server, NULL, path, &found, &meta, NULL, err)
		       : error_memory(err);

	*kind = ret == 0 && found ? meta.kind : ENTRY_NONE;
	return ret;
}

int server_list(struct server *server, TALLOC_CTX *mem, const char *path, struct entry_list *list,
	struct error *err)
{
	enum entry_kind kind;
	int ret = server_kind(server, path, &kind, err);

	*list = (struct entry_list){ 0 };
	return kind == ENTRY_FOLDER ? server->ops->list(server, mem, path, list, err) : ret;
}

int server_sync_above(struct server *server, const char *path, struct error *err)
{
	char *above = path_parent(NULL, path);
	int ret = above ? server->ops->sync_folder(server, above, err) : error_memory(err);

	talloc_free(above);
	return ret;
}

int server_reg_string(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
	char **text, struct error *err)
{
	struct reg_data *data;
	int ret = server->ops->reg_read(server, NULL, key, value, &data, err);

	*text = NULL;
	if (ret != 0 || !data)
		return ret;
	if (data->type == REG_SZ || data->type == REG_EXPAND_SZ) {
		*text = regdata_string(mem, data);
		ret = *text ? 0 : error_memory(err);
	}
	talloc_free(data);
	return ret;
}

int server_reg_text(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
	char **text, struct error *err)
{
	int ret = server_reg_string(server, mem, key, value, text, err);

	if (ret == 0 && !*text)
		*text = talloc_strdup(mem, "");
	return ret == 0 && !*text ? error_memory(err) : ret;
}

int server_reg_dword(struct server *server, const char *key, const char *value, uint32_t *number,
	bool *found, struct error *err)
{
	struct reg_data *data;
	int ret = server->ops->reg_read(server, NULL, key, value, &data, err);

	*found = false;
	if (ret != 0 || !data)
		return ret;
	*found = regdata_dword(data, number);
	talloc_free(data);
	return 0;
}

static int letters_of_nt4(struct server *server, TALLOC_CTX *mem, struct disk_letter **letters,
	size_t *count, struct error *err)
{
	struct reg_data *data;
	int ret = server->ops->reg_read(server, mem, "SYSTEM\\DISK", "Information", &data, err);

	if (ret != 0 || !data || data->type != REG_BINARY)
		return ret;
	ret = diskkey_information(mem, data->bytes, data->len, letters, count, err);
	return ret == -TROUBLE_HIVE_BROKEN ? 0 : ret;
}

int server_letters(struct server *server, TALLOC_CTX *mem, struct disk_letter **letters,
	size_t *count, struct error *err)
{
	struct reg_key *key;
	int ret = server->ops->reg_list(server, mem, "SYSTEM\\MountedDevices", &key, err);

	*count = 0;
	if (ret != 0 || !key)
		return ret != 0 ? ret : letters_of_nt4(server, mem, letters, count, err);
	*letters = memory_array(mem, sizeof **letters, key->value_count);
	if (!*letters)
		return error_memory(err);
	for (size_t i = 0; i < key->value_count; i++)
		*count += diskkey_mounted(key->values[i].name, &key->values[i].data,
			&(*letters)[*count]);
	return 0;
}

int server_identify(struct server *server, TALLOC_CTX *mem, const char *set, struct server_id *id,
	struct error *err)
{
	char *computer = talloc_asprintf(mem, "%s\\Control\\ComputerName\\ComputerName", set),
	     *product = talloc_asprintf(mem, "%s\\Control\\ProductOptions", set);
	const struct {
		const char *key, *value;
		char **text;
	} texts[] = {
		{ computer, "ComputerName", &id->name },
		{ product, "ProductType", &id->product_type },
		{ SERVER_CURRENT_VERSION, "ProductId", &id->product_id },
		{ SERVER_CURRENT_VERSION, "CurrentVersion", &id->nt_version },
	};
	bool found;
	int ret = computer && product ? 0 : error_memory(err);

	for (size_t i = 0; ret == 0 && i < ARRAY_SIZE(texts); i++)
		ret = server_reg_text(server, mem, texts[i].key, texts[i].value, texts[i].text,
			err);
	if (ret == 0)
		ret = server_reg_dword(server, SERVER_CURRENT_VERSION, "InstallDate",
			&id->install_date, &found, err);
	talloc_free(computer);
	talloc_free(product);
	return ret;
}

bool server_id_same(const struct server_id *a, const struct server_id *b)
{
	return text_equal(a->name, b->name) && a->install_date == b->install_date &&
		strcmp(a->product_id, b->product_id) == 0;
}

int server_dry_refused(const struct server *server, struct error *err)
{
	if (!server->dry_run)
		return 0;
	return error_advise(err,
		error_set(err, TROUBLE_CANNOT, _("This is a dry run: nothing is written.")),
		_("Leave out --dry-run to carry it out."));
}
