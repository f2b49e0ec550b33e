/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Service Control Manager protocol ([MS-SCMR]). Conventions as in winreg.h. */
#ifndef NT_SVCCTL_H
#define NT_SVCCTL_H

#include "nt/ndr.h"

enum svcctl_opnum {
	SVCCTL_CLOSE = 0,
	SVCCTL_CONTROL = 1,
	SVCCTL_STATUS = 6,
	SVCCTL_DEPENDENTS = 13,
	SVCCTL_ENUM = 14,
	SVCCTL_OPEN_MANAGER = 15,
	SVCCTL_OPEN_SERVICE = 16,
	SVCCTL_START = 19
};

/* Access ([MS-SCMR] 3.1.4): the manager to look; a service to look, and to start and stop. */
enum { SVCCTL_MANAGER_READ = 0x0005, SVCCTL_SERVICE_READ = 0x000c, SVCCTL_SERVICE_USE = 0x003c };

/* SERVICE_STATUS ([MS-SCMR] 2.2.47); state 1 stopped ... 7 paused. */
struct svcctl_status {
	uint32_t type, state, accepts, exit_code, own_exit_code, check_point, wait_hint_ms;
};

struct svcctl_service {
	char *name, *shown;
	struct svcctl_status status;
};

void svcctl_put_open_manager(struct ndr_writer *writer, const char *server, uint32_t access);
void svcctl_put_open_service(struct ndr_writer *writer, const struct ndr_handle *manager,
	const char *name, uint32_t access);
uint32_t svcctl_get_handle(struct ndr_reader *reader, struct ndr_handle *handle);
/* Code 1: SERVICE_CONTROL_STOP. */
void svcctl_put_control(struct ndr_writer *writer, const struct ndr_handle *service, uint32_t code);
/* Of status and control. */
uint32_t svcctl_get_status(struct ndr_reader *reader, struct svcctl_status *status);
void svcctl_put_start(struct ndr_writer *writer, const struct ndr_handle *service);
/* All Windows services, in any state, from resume on (0: the first) in room bytes. */
void svcctl_put_enum(struct ndr_writer *writer, const struct ndr_handle *manager, uint32_t room,
	uint32_t resume);
/* Those that depend on service and run. */
void svcctl_put_dependents(struct ndr_writer *writer, const struct ndr_handle *service,
	uint32_t room);
/* Of enum and dependents; with ERROR_MORE_DATA (234) what came is good, *needed the bytes of the
 * rest and *resume where it begins. Adds to a list of *count, which grows as memory_more does. */
uint32_t svcctl_get_enum(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct svcctl_service **services, size_t *count, uint32_t *needed, uint32_t *resume);
uint32_t svcctl_get_dependents(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct svcctl_service **services, size_t *count, uint32_t *needed);

#endif
