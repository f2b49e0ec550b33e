/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file on the server has besides its data: attributes, time, descriptor. */
#include "server/remote_files.h"

#include "base/i18n.h"
#include "nt/descriptor.h"
#include "nt/srvsvc.h"

/* Whole seconds are what libsmbclient sets, and two of them what FAT keeps. */
#define TIME_GRAIN (2 * FILETIME_SECOND)

/* ---- descriptors ---- */

/* \\EXCH01 */
static char *server_name(TALLOC_CTX *mem, const struct remote *remote)
{
	return talloc_asprintf(mem, "\\\\%s", remote->spec.host);
}

/* Windows wants "\exchsrvr\x" below the share. */
static const char *below(const char *path)
{
	return path + 2;
}

/* Owner, group and permissions of path: set is given to it, or with NULL they are read into
 * *security. TROUBLE_CANNOT and others: not to be had. */
static int security_call(struct remote *remote, TALLOC_CTX *mem, const char *path,
	const uint8_t *set, uint8_t **security, size_t *len, struct error *err)
{
	const char *failed = set ? N_("The permissions of %s cannot be set")
				 : N_("The permissions of %s cannot be read");
	char share[] = { path[0], '$', '\0' }, *name = server_name(mem, remote);
	struct ndr_writer request;
	struct ndr_reader reply;
	uint32_t pipe;
	int ret = remote_pipe(remote, REMOTE_SRVSVC, &pipe, err);

	if (ret != 0 || !name)
		return ret ? ret : error_memory(err);
	ndr_begin(&request, mem);
	if (set)
		srvsvc_put_file_security_set(&request, name, share, below(path), set, *len);
	else
		srvsvc_put_file_security_get(&request, name, share, below(path));
	ret = remote_call(remote, mem, pipe,
		set ? SRVSVC_FILE_SECURITY_SET : SRVSVC_FILE_SECURITY_GET, &request, &reply, failed,
		path, err);
	if (ret == 0)
		ret = remote_windows(err,
			set ? ndr_get_result(&reply)
			    : srvsvc_get_file_security_get(&reply, mem, security, len),
			failed, path);
	return ret;
}

/* Whether ret ends the work: that a server hands out no descriptors does not, it was noted in the
 * rehearsal. */
static bool is_serious(const struct remote *remote, int ret)
{
	return ret == -TROUBLE_MEMORY || ret == -TROUBLE_STOPPED || ret == -TROUBLE_BUG ||
		ret == -TROUBLE_VERIFY || remote_broke(remote, ret);
}

/* *security NULL: the server has none to hand out. */
static int security_read(struct remote *remote, TALLOC_CTX *mem, const char *path,
	uint8_t **security, size_t *len, struct error *err)
{
	struct error why;
	int ret;

	*security = NULL;
	ret = security_call(remote, mem, path, NULL, security, len, &why);
	if (ret == 0 && *security && !descriptor_ok(*security, *len))
		ret = error_set(&why, TROUBLE_VERIFY,
			_("What the server says of the permissions of %s makes no sense."), path);
	if (ret == 0)
		return 0;
	*security = NULL;
	return is_serious(remote, ret) ? error_pass(err, &why) : 0;
}

static int security_advise(struct error *err, int ret)
{
	return error_advise(err, ret,
		_("A file must not be given back with other permissions than it had. Sign in with an account that has the "
		  "right to restore files (of Administrators or Backup Operators), or repair from the disks (--disks)."));
}

/* What was set may have been taken otherwise, or not at all. */
static int security_prove(struct remote *remote, TALLOC_CTX *tmp, const char *path,
	const uint8_t *wanted, struct error *err)
{
	uint8_t *security;
	size_t len;
	int ret = security_read(remote, tmp, path, &security, &len, err);

	if (ret == 0 && (!security || !descriptor_same(security, wanted)))
		ret = security_advise(err,
			error_set(err, TROUBLE_VERIFY,
				_("%s did not keep the owner and permissions that were set."),
				path));
	return ret;
}

static int security_give(struct remote *remote, const char *from, const char *to, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	uint8_t *security;
	size_t len = 0;
	int ret = security_read(remote, tmp, from, &security, &len, err);

	if (ret == 0 && security) {
		ret = security_call(remote, tmp, to, security, NULL, &len, err);
		if (ret != 0 && !is_serious(remote, ret))
			ret = security_advise(err, ret);
		if (ret == 0)
			ret = security_prove(remote, tmp, to, security, err);
	}
	talloc_free(tmp);
	return ret;
}

/* ---- all of it ---- */

int remote_attributes_set(struct remote *remote, const char *path, uint32_t attributes,
	struct error *err)
{
	/* 0 would mean: as they are; 0x80 is a file without any. */
	const struct remote_request request = { .verb = FRAME_ATTRIBUTES,
		.path = path,
		.number = attributes ? attributes : 0x80,
		.what = N_("The attributes of %s cannot be set") };

	return remote_file_change(remote, &request, err);
}

int remote_traits_give(struct remote *remote, const struct remote_spot *has, const char *to,
	struct error *err)
{
	uint32_t attributes = has->entry.attributes & REMOTE_SETTABLE;
	int ret = security_give(remote, has->real, to, err);

	if (ret == 0 && (has->entry.attributes & REMOTE_FOLDER) && attributes)
		ret = remote_attributes_set(remote, to, attributes | REMOTE_FOLDER, err);
	if (ret == 0 && !(has->entry.attributes & REMOTE_FOLDER) && attributes != REMOTE_ARCHIVE)
		ret = remote_attributes_set(remote, to, attributes, err);
	return ret;
}

int remote_traits_rehearse(struct remote *remote, const char *from, struct error *err)
{
	struct server_rehearsal *rehearsal = remote->base.rehearsing;
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot has;
	uint8_t *security = NULL;
	size_t len;
	int ret = remote_find_there(remote, tmp, from, &has, err);

	if (ret == 0)
		ret = security_read(remote, tmp, has.real, &security, &len, err);
	if (ret == 0 && !security && rehearsal->notes++ == 0)
		error_set(&rehearsal->note, TROUBLE_CANNOT,
			_("This server does not hand out the permissions of single files over the network. "
			  "New files take those of their folder."));
	talloc_free(tmp);
	return ret;
}

int remote_time_set(struct remote *remote, const char *path, int64_t mtime, struct error *err)
{
	const struct remote_request request = { .verb = FRAME_TIME,
		.path = path,
		.number = (uint64_t)mtime,
		.what = N_("The time of %s cannot be set") };

	return remote_file_change(remote, &request, err);
}

/* Whatever the server says. */
static bool time_kept(int64_t time, int64_t wanted)
{
	const uint64_t apart = time > wanted ? (uint64_t)time - (uint64_t)wanted
					     : (uint64_t)wanted - (uint64_t)time;

	return apart < TIME_GRAIN;
}

int remote_look_again(struct remote *remote, const char *path, int64_t mtime, uint64_t *size,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	int ret;

	remote_folder_changed(remote, path);
	ret = remote_find_there(remote, tmp, path, &spot, err);
	if (ret == 0 && mtime != FILETIME_NONE && !time_kept(spot.entry.meta.mtime, mtime))
		ret = error_set(err, TROUBLE_VERIFY, _("%s did not keep the time that was set."),
			path);
	if (ret == 0 && size)
		*size = spot.entry.meta.size;
	talloc_free(tmp);
	return ret;
}

int remote_delete(struct remote *remote, const char *path, const struct remote_entry *entry,
	struct error *err)
{
	bool folder = entry->attributes & REMOTE_FOLDER;
	const struct remote_request request = { .verb = folder ? FRAME_RMDIR : FRAME_UNLINK,
		.path = path,
		.what = N_("%s cannot be removed") };
	int ret = 0;

	if (!folder && (entry->attributes & REMOTE_READONLY))
		ret = remote_attributes_set(remote, path, REMOTE_ARCHIVE, err);
	return ret == 0 ? remote_file_change(remote, &request, err) : ret;
}
