/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Server Service protocol ([MS-SRVS]): shares, who uses them. Conventions as in winreg.h. */
#ifndef NT_SRVSVC_H
#define NT_SRVSVC_H

#include "nt/ndr.h"

enum srvsvc_opnum {
	SRVSVC_CONNECTIONS = 8, /* NetrConnectionEnum */
	SRVSVC_SHARE_ADD = 14,
	SRVSVC_SHARE_ENUM = 15,
	SRVSVC_SHARE_INFO = 16,
	SRVSVC_SHARE_SET = 17,
	SRVSVC_SHARE_DELETE = 18,
	SRVSVC_FILE_SECURITY_GET = 39,
	SRVSVC_FILE_SECURITY_SET = 40
};

/* SHARE_INFO_502 ([MS-SRVS] 2.2.4.26). Texts "" where there are none. */
struct srvsvc_share {
	char *name, *remark, *path;
	uint32_t type;      /* 0: a folder */
	uint32_t max_users; /* 0xffffffff: as many as come */
	uint8_t *security;  /* self-relative, NULL: none */
	size_t security_len;
};

struct srvsvc_connection {
	char *user, *from; /* who, and the computer */
	uint32_t files, seconds;
};

/* server: the name called, "\\EXCH01", in each request. */
void srvsvc_put_share_info(struct ndr_writer *writer, const char *server, const char *name);
uint32_t srvsvc_get_share_info(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct srvsvc_share *share);
void srvsvc_put_share_add(struct ndr_writer *writer, const char *server,
	const struct srvsvc_share *share);
uint32_t srvsvc_get_share_add(struct ndr_reader *reader);
/* Level 1501: the descriptor alone. */
void srvsvc_put_share_security(struct ndr_writer *writer, const char *server, const char *name,
	const uint8_t *security, size_t len);
uint32_t srvsvc_get_share_security(struct ndr_reader *reader);
void srvsvc_put_share_delete(struct ndr_writer *writer, const char *server, const char *name);
/* Level 1: name, type and remark of all; path stays NULL. */
void srvsvc_put_share_enum(struct ndr_writer *writer, const char *server);
uint32_t srvsvc_get_share_enum(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct srvsvc_share **shares, size_t *count);
/* Level 1: who is connected to a share. */
void srvsvc_put_connections(struct ndr_writer *writer, const char *server, const char *share);
uint32_t srvsvc_get_connections(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct srvsvc_connection **list, size_t *count);
/* Owner, group and DACL (information 7) of file, a path below share as the server wants it;
 * *security owned by mem, self-relative. */
void srvsvc_put_file_security_get(struct ndr_writer *writer, const char *server, const char *share,
	const char *file);
uint32_t srvsvc_get_file_security_get(struct ndr_reader *reader, TALLOC_CTX *mem,
	uint8_t **security, size_t *len);
void srvsvc_put_file_security_set(struct ndr_writer *writer, const char *server, const char *share,
	const char *file, const uint8_t *security, size_t len);

#endif
