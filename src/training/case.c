/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases by name, and a case with the names of one seed's server in it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/case_internal.h"

/* The place of a name among the built-in cases; their number where it is none. */
static size_t case_index(const char *name)
{
	size_t count, i = 0;
	const struct case_name *names = cases(&count);

	while (i < count && strcmp(names[i].name, name) != 0)
		i++;
	return i;
}

bool case_known(const char *name)
{
	size_t count;

	(void)cases(&count);
	return case_index(name) < count;
}

static int case_read(TALLOC_CTX *mem, const char *path, char **text, size_t *len, struct error *err)
{
	char *shown = text_shown(mem, path);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), sys;

	if (fd < 0)
		return error_system(err, TROUBLE_NOT_THERE, errno, _("The case %s cannot be opened"), shown ? shown : "");
	sys = file_read(mem, fd, CASE_FILE_LIMIT, (uint8_t **)text, len);
	close(fd);
	if (sys == EFBIG)
		return error_set(err, TROUBLE_USAGE, _("%s is not a case: a case is a file of at most 64 KB."), shown ? shown : "");
	return sys == 0 ? 0 : error_system(err, TROUBLE_IO, sys, _("The case %s cannot be read"), shown ? shown : "");
}

int case_file(TALLOC_CTX *mem, const char *path, struct training_case **found, char **text, size_t *len,
	      struct error *err)
{
	struct error why = {.trouble = TROUBLE_NONE};
	char *bytes, *shown;
	size_t size;
	int ret = case_read(mem, path, &bytes, &size, err);

	if (ret != 0)
		return ret;
	ret = case_parse(mem, bytes, size, found, &why);
	if (text) {
		*text = bytes;
		*len = size;
	} else {
		talloc_free(bytes);
	}
	shown = ret != 0 ? text_shown(mem, path) : NULL;
	return ret != 0 ? error_set(err, why.trouble, "%s: %s", shown ? shown : "", why.text) : 0;
}

int case_find(TALLOC_CTX *mem, const char *name, struct training_case **found, struct error *err)
{
	const size_t index = case_index(name);

	if (strchr(name, '/'))
		return case_file(mem, name, found, NULL, NULL, err);
	if (case_known(name))
		return case_parse(mem, case_texts()[index].text, case_texts()[index].len, found, err);
	return error_set(err, TROUBLE_USAGE, _("There is no practice case %s. msmcfix train --list shows them all."),
			 text_shown(mem, name));
}

/* All twists of a case, fault after fault. */
int case_spec(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed, struct practice_spec *spec,
	      struct error *err)
{
	struct practice_twist *twists;
	size_t count = 0;

	*spec = (struct practice_spec){.scenario = training->name, .seed = seed};
	for (size_t i = 0; i < training->fault_count; i++)
		count += training->faults[i]->twist_count;
	twists = memory_array(mem, sizeof *twists, count);
	if (!twists)
		return error_memory(err);
	for (size_t i = 0; i < training->fault_count; i++) {
		const struct fault *fault = training->faults[i];

		spec->flags |= fault->flags;
		for (size_t t = 0; t < fault->twist_count; t++)
			twists[spec->twist_count++] = fault->twists[t];
	}
	spec->twists = twists;
	return 0;
}

struct binding {
	struct training_case *bound;
	struct practice_spec spec;
	struct error *err;
	int status;
};

/* A text with its names filled in; NULL stays. */
static char *bind_text(struct binding *binding, const char *text)
{
	char *out = NULL;

	if (binding->status == 0 && text)
		binding->status = practice_text(binding->bound, &binding->spec, text, &out, binding->err);
	return out;
}

static void bind_expects(struct binding *binding, const struct training_case *training)
{
	struct training_case *bound = binding->bound;

	bound->expects = memory_array_zero(bound, sizeof *bound->expects, training->expect_count);
	if (!bound->expects)
		binding->status = error_memory(binding->err);
	for (size_t i = 0; binding->status == 0 && i < training->expect_count; i++) {
		bound->expects[i] = training->expects[i];
		bound->expects[i].id = bind_text(binding, training->expects[i].id);
		bound->expects[i].why = bind_text(binding, training->expects[i].why);
	}
}

static void bind_tips(struct binding *binding, const struct training_case *training)
{
	struct training_case *bound = binding->bound;

	bound->tips = memory_array_zero(bound, sizeof *bound->tips, training->tip_count);
	if (!bound->tips)
		binding->status = error_memory(binding->err);
	for (size_t i = 0; binding->status == 0 && i < training->tip_count; i++) {
		bound->tips[i].id = bind_text(binding, training->tips[i].id);
		for (size_t t = 0; t < CASE_TIPS; t++)
			bound->tips[i].tips[t] = bind_text(binding, training->tips[i].tips[t]);
	}
}

/* The choices in an order that follows from the seed (splitmix64, then Fisher and Yates): the right one is not always
 * the first. */
static void bind_choices(struct binding *binding, const struct training_case *training, uint64_t seed)
{
	struct training_case *bound = binding->bound;
	uint64_t state = seed;

	bound->choices = memory_array_zero(bound, sizeof *bound->choices, training->choice_count);
	if (!bound->choices)
		binding->status = error_memory(binding->err);
	for (size_t i = 0; binding->status == 0 && i < training->choice_count; i++) {
		bound->choices[i].right = training->choices[i].right;
		bound->choices[i].text = bind_text(binding, training->choices[i].text);
	}
	for (size_t i = training->choice_count; binding->status == 0 && i > 1; i--) {
		uint64_t mixed = state += UINT64_C(0x9e3779b97f4a7c15);
		struct case_choice last = bound->choices[i - 1];
		size_t with;

		mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
		with = (size_t)((mixed ^ (mixed >> 31)) % i);
		bound->choices[i - 1] = bound->choices[with];
		bound->choices[with] = last;
	}
}

int case_bind(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed, struct training_case **bound,
	      struct error *err)
{
	struct training_case *made = talloc_zero(mem, struct training_case);
	struct binding binding = {.bound = made, .err = err};

	if (!made)
		return error_memory(err);
	*made = *training;
	binding.status = case_spec(made, training, seed, &binding.spec, err);
	made->name = bind_text(&binding, training->name);
	made->title = bind_text(&binding, training->title);
	made->story = bind_text(&binding, training->story);
	made->ask = bind_text(&binding, training->ask);
	made->faults = binding.status == 0 ? memory_array(made, sizeof *made->faults, training->fault_count) : NULL;
	if (made->faults && training->fault_count)
		memcpy(made->faults, training->faults, training->fault_count * sizeof *made->faults);
	else if (!made->faults && binding.status == 0)
		binding.status = error_memory(err);
	if (binding.status == 0)
		bind_expects(&binding, training);
	if (binding.status == 0)
		bind_tips(&binding, training);
	if (binding.status == 0)
		bind_choices(&binding, training, seed);
	made->bound = true;
	made->seed = seed;
	if (binding.status == 0)
		*bound = made;
	else
		talloc_free(made);
	return binding.status;
}
