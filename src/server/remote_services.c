/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services of a running server: listed, stopped, started, and waited for. */
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/svcctl.h"
#include "server/remote_registry.h"

/* One answer holds so many bytes ([MS-SCMR] 3.1.4.11: at most 256 KiB); a server has not so many
 * services. */
enum { LIST_ROOM = 0x10000, LIST_LIMIT = 16384 };

/* Seconds: how long a service that gives no hint may stand still, as the manager itself has it;
 * what a hint is never less than over a network; and the end of it all. */
enum { NO_HINT = 30, LEAST_HINT = 2, LONGEST = 600 };

/* Milliseconds between two looks at the clock, and between two questions at most. */
enum { TICK = 100, SELDOM = 1000 };

enum {
	SVC_STOPPED = 1,
	SVC_START_PENDING,
	SVC_STOP_PENDING,
	SVC_RUNNING,
	SVC_CONTINUING,
	SVC_PAUSING,
	SVC_PAUSED
};

enum { CONTROL_STOP = 1 };

enum {
	MORE_DATA = 234,
	DEPENDENTS_RUN = 1051,
	RUNS_ALREADY = 1056,
	NOT_RUNNING = 1062,
	OWN_ERROR = 1066
};

static const enum service_state states[] = {
	[SVC_STOPPED] = SERVICE_STOPPED,
	[SVC_START_PENDING] = SERVICE_STARTING,
	[SVC_STOP_PENDING] = SERVICE_STOPPING,
	[SVC_RUNNING] = SERVICE_RUNNING,
	[SVC_CONTINUING] = SERVICE_STARTING,
	[SVC_PAUSING] = SERVICE_RUNNING,
	[SVC_PAUSED] = SERVICE_RUNNING,
};

static enum service_state state_of(uint32_t state)
{
	return state < ARRAY_SIZE(states) ? states[state] : SERVICE_UNKNOWN;
}

/* ---- calls ---- */

/* The manager opened, and a service. */
struct scm {
	struct remote *remote;
	TALLOC_CTX *tmp;
	uint32_t pipe;
	struct ndr_handle manager, service;
	const char *what, *on; /* for a sentence */
	struct error *err;
};

static int call(const struct scm *scm, uint16_t opnum, struct ndr_writer *request,
	struct ndr_reader *reply)
{
	return remote_call(scm->remote, scm->tmp, scm->pipe, opnum, request, reply, scm->what,
		scm->on, scm->err);
}

static int code_said(const struct scm *scm, uint32_t code)
{
	return remote_windows(scm->err, code, scm->what, scm->on);
}

static int manager_open(struct scm *scm)
{
	struct ndr_writer request;
	struct ndr_reader reply;
	char *server = talloc_asprintf(scm->tmp, "\\\\%s", scm->remote->spec.host);
	int ret = server ? remote_connected(scm->remote, scm->err) : error_memory(scm->err);

	if (!ret)
		ret = remote_pipe(scm->remote, REMOTE_SVCCTL, &scm->pipe, scm->err);
	if (ret)
		return ret;
	ndr_begin(&request, scm->tmp);
	svcctl_put_open_manager(&request, server, SVCCTL_MANAGER_READ);
	ret = call(scm, SVCCTL_OPEN_MANAGER, &request, &reply);
	return ret ? ret : code_said(scm, svcctl_get_handle(&reply, &scm->manager));
}

static int service_open(struct scm *scm, const char *name, uint32_t access)
{
	struct ndr_writer request;
	struct ndr_reader reply;
	int ret;

	ndr_begin(&request, scm->tmp);
	svcctl_put_open_service(&request, &scm->manager, name, access);
	ret = call(scm, SVCCTL_OPEN_SERVICE, &request, &reply);
	return ret ? ret : code_said(scm, svcctl_get_handle(&reply, &scm->service));
}

/* Its answer decides nothing. */
static void handle_close(const struct scm *scm, const struct ndr_handle *handle)
{
	struct scm quiet = *scm;
	struct ndr_writer request;
	struct ndr_reader reply;

	if (!scm->remote->link)
		return;
	quiet.err = NULL;
	ndr_begin(&request, scm->tmp);
	ndr_put_handle(&request, handle);
	(void)call(&quiet, SVCCTL_CLOSE, &request, &reply);
}

/* ---- the list ---- */

static int list_more(const struct scm *scm, struct svcctl_service **services, size_t *count,
	uint32_t *resume, bool *more)
{
	struct ndr_writer request;
	struct ndr_reader reply;
	uint32_t needed, code, from = *resume;
	size_t had = *count;
	int ret;

	ndr_begin(&request, scm->tmp);
	svcctl_put_enum(&request, &scm->manager, LIST_ROOM, *resume);
	ret = call(scm, SVCCTL_ENUM, &request, &reply);
	if (ret)
		return ret;
	code = svcctl_get_enum(&reply, scm->tmp, services, count, &needed, resume);
	*more = code == MORE_DATA;
	if (*more && (*count == had || *resume == from || *count > LIST_LIMIT))
		return code_said(scm, NDR_BAD);
	return *more ? 0 : code_said(scm, code);
}

static int list_once(struct remote *remote, TALLOC_CTX *tmp, struct svcctl_service **services,
	size_t *count, struct error *err)
{
	struct scm scm = { .remote = remote,
		.tmp = tmp,
		.what = N_("The services of %s cannot be listed"),
		.on = remote->spec.host,
		.err = err };
	uint32_t resume = 0;
	bool more = true;
	int ret;

	*services = NULL;
	*count = 0;
	(void)remote_doing(remote, _("Asking %s for its services"), remote->spec.host);
	ret = manager_open(&scm);
	if (ret)
		return ret;
	while (!ret && more)
		ret = list_more(&scm, services, count, &resume, &more);
	handle_close(&scm, &scm.manager);
	return ret;
}

/* Start type and program stand in the registry, where whoever needs them reads them. */
int remote_service_list(struct server *server, TALLOC_CTX *mem, struct service_list *list,
	struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct svcctl_service *services;
	size_t count;
	int ret = list_once(remote, tmp, &services, &count, err);

	if (remote_broke(remote, ret))
		ret = list_once(remote, tmp, &services, &count, err);
	*list = (struct service_list){ 0 };
	if (!ret) {
		list->services = memory_array_zero(mem, sizeof *list->services, count);
		ret = list->services ? 0 : error_memory(err);
	}
	for (size_t i = 0; !ret && i < count; i++) {
		list->services[i].name = talloc_strdup(list->services, services[i].name);
		list->services[i].state = state_of(services[i].status.state);
		list->count++;
		ret = list->services[i].name ? 0 : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

/* ---- starting and stopping ---- */

/* A service on its way to a state. */
struct errand {
	struct scm scm;
	const char *name;
	bool start;
	const char *doing; /* for who waits */
	struct timespec began;
};

static int64_t since_ms(const struct timespec *began)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - began->tv_sec) * INT64_C(1000) +
		(now.tv_nsec - began->tv_nsec) / 1000000;
}

/* Time goes by, and who waits is told ten times a second. */
static int errand_wait(const struct errand *errand, int64_t ms)
{
	struct remote *remote = errand->scm.remote;
	struct timespec from;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int64_t left = ms; left > 0; left = ms - since_ms(&from)) {
		struct timespec tick = { 0, (left < TICK ? left : TICK) * 1000000L };

		if (remote->base.waiting &&
			remote->base.waiting(remote->base.waiting_arg, errand->doing,
				(unsigned)(since_ms(&errand->began) / 1000)) != 0)
			return error_set(errand->scm.err, TROUBLE_STOPPED,
				errand->start
					? _("Nobody waits any longer for the service %s to start.")
					: _("Nobody waits any longer for the service %s to stop."),
				errand->name);
		nanosleep(&tick, NULL);
	}
	return 0;
}

static int status_read(const struct errand *errand, struct svcctl_status *status)
{
	struct ndr_writer request;
	struct ndr_reader reply;
	int ret;

	ndr_begin(&request, errand->scm.tmp);
	ndr_put_handle(&request, &errand->scm.service);
	ret = call(&errand->scm, SVCCTL_STATUS, &request, &reply);
	return ret ? ret : code_said(&errand->scm, svcctl_get_status(&reply, status));
}

static bool is_pending(uint32_t state)
{
	return state == SVC_START_PENDING || state == SVC_STOP_PENDING || state == SVC_CONTINUING ||
		state == SVC_PAUSING;
}

/* How long it may stand where it stands, in milliseconds ([MS-SCMR] 2.2.47). */
static int64_t hint_of(const struct svcctl_status *status)
{
	int64_t hint = status->wait_hint_ms;

	if (hint == 0)
		return NO_HINT * 1000;
	return hint < LEAST_HINT * 1000 ? LEAST_HINT * 1000 : hint;
}

static int late(const struct errand *errand)
{
	int ret = error_set(errand->scm.err, TROUBLE_CANNOT,
		errand->start
			? _("The service %s did not start in the time that it asked for itself.")
			: _("The service %s did not stop in the time that it asked for itself."),
		errand->name);

	return error_advise(errand->scm.err, ret,
		_("Look in the server's event log for what holds it up, and in Control Panel, Services, "
		  "whether it is there by now."));
}

/* Until it is in no state on the way: one that goes on says so by another check point, within the
 * time that it hints. */
static int settle(const struct errand *errand, struct svcctl_status *status)
{
	int64_t pause = TICK / 2, moved_at = since_ms(&errand->began);
	int ret = status_read(errand, status);

	while (!ret && is_pending(status->state)) {
		struct svcctl_status last = *status;
		int64_t now;

		ret = errand_wait(errand, pause);
		if (!ret)
			ret = status_read(errand, status);
		now = since_ms(&errand->began);
		if (status->state != last.state || status->check_point != last.check_point)
			moved_at = now;
		if (!ret && is_pending(status->state) &&
			(now - moved_at > hint_of(status) || now > LONGEST * 1000))
			ret = late(errand);
		pause = 2 * pause < SELDOM ? 2 * pause : SELDOM;
	}
	return ret;
}

/* Those that run and need it, by name. */
static int dependents_said(const struct errand *errand)
{
	const struct scm *scm = &errand->scm;
	struct svcctl_service *services = NULL;
	size_t count = 0;
	uint32_t needed, code;
	struct ndr_writer request;
	struct ndr_reader reply;
	char *names;
	int ret;

	ndr_begin(&request, scm->tmp);
	svcctl_put_dependents(&request, &scm->service, LIST_ROOM);
	ret = call(scm, SVCCTL_DEPENDENTS, &request, &reply);
	if (ret)
		return ret;
	code = svcctl_get_dependents(&reply, scm->tmp, &services, &count, &needed);
	if (code || !count)
		return code_said(scm, DEPENDENTS_RUN);
	names = talloc_strdup(scm->tmp, services[0].name);
	for (size_t i = 1; names && i < count; i++)
		names = talloc_asprintf_append(names, ", %s", services[i].name);
	if (!names)
		return error_memory(scm->err);
	ret = error_set(scm->err, TROUBLE_CANNOT,
		_("The service %s cannot be stopped: others run that depend on it: %s."),
		errand->name, names);
	return error_advise(scm->err, ret,
		_("Stop those first, in Control Panel, Services, then try again."));
}

static int order(const struct errand *errand)
{
	const struct scm *scm = &errand->scm;
	struct svcctl_status status;
	struct ndr_writer request;
	struct ndr_reader reply;
	uint32_t code;
	int ret;

	ndr_begin(&request, scm->tmp);
	if (errand->start)
		svcctl_put_start(&request, &scm->service);
	else
		svcctl_put_control(&request, &scm->service, CONTROL_STOP);
	ret = call(scm, errand->start ? SVCCTL_START : SVCCTL_CONTROL, &request, &reply);
	if (ret)
		return ret;
	code = errand->start ? ndr_get_result(&reply) : svcctl_get_status(&reply, &status);
	if (code == (errand->start ? RUNS_ALREADY : NOT_RUNNING))
		return 0;
	return code == DEPENDENTS_RUN ? dependents_said(errand) : code_said(scm, code);
}

/* A service that was started and has stopped by itself. */
static int stopped_again(const struct errand *errand, const struct svcctl_status *status)
{
	const char *text = remote_windows_text(status->exit_code);
	int ret;

	if (status->exit_code == OWN_ERROR)
		ret = error_set(errand->scm.err, TROUBLE_CANNOT,
			_("The service %s was started and ended again, with error %u of its own."),
			errand->name, (unsigned)status->own_exit_code);
	else if (text)
		ret = error_set(errand->scm.err, TROUBLE_CANNOT,
			_("The service %s was started and ended again: %s."), errand->name,
			remote_windows_text(status->exit_code));
	else
		ret = error_set(errand->scm.err, TROUBLE_CANNOT,
			_("The service %s was started and ended again, with error %u."),
			errand->name, (unsigned)status->exit_code);
	return error_advise(errand->scm.err, ret,
		_("Look in the server's event log for the reason."));
}

static bool arrived(const struct errand *errand, const struct svcctl_status *status)
{
	return state_of(status->state) == (errand->start ? SERVICE_RUNNING : SERVICE_STOPPED);
}

static int errand_go(struct errand *errand)
{
	struct svcctl_status status;
	int ret = settle(errand, &status);

	if (ret || arrived(errand, &status))
		return ret;
	ret = order(errand);
	if (!ret)
		ret = settle(errand, &status);
	if (ret || arrived(errand, &status))
		return ret;
	return errand->start
		? stopped_again(errand, &status)
		: error_set(errand->scm.err, TROUBLE_CANNOT,
			  _("The service %s was stopped, and runs again."), errand->name);
}

static int errand_once(struct errand *errand)
{
	int ret = manager_open(&errand->scm);

	if (ret)
		return ret;
	ret = service_open(&errand->scm, errand->name, SVCCTL_SERVICE_USE);
	if (!ret) {
		ret = errand_go(errand);
		handle_close(&errand->scm, &errand->scm.service);
	}
	handle_close(&errand->scm, &errand->scm.manager);
	return ret;
}

/* Where the connection breaks all begins with a look at the state, so what was done is not done
 * again. */
int remote_service_set(struct server *server, const char *name, enum service_state state,
	struct error *err)
{
	struct remote *remote = remote_of(server);
	struct errand errand = { .name = name, .start = state == SERVICE_RUNNING };
	TALLOC_CTX *tmp;
	int ret = server_dry_refused(server, err);

	if (ret)
		return ret;
	tmp = talloc_new(NULL);
	clock_gettime(CLOCK_MONOTONIC, &errand.began);
	errand.doing = talloc_strdup(tmp,
		remote_doing(remote, errand.start ? _("Starting %s") : _("Stopping %s"), name));
	errand.scm = (struct scm){ .remote = remote,
		.tmp = tmp,
		.what = errand.start ? N_("The service %s cannot be started")
				     : N_("The service %s cannot be stopped"),
		.on = name,
		.err = err };
	ret = errand.doing ? errand_once(&errand) : error_memory(err);
	if (remote_broke(remote, ret)) {
		(void)remote_doing(remote, "%s", errand.doing);
		ret = errand_once(&errand);
	}
	talloc_free(tmp);
	return ret;
}
