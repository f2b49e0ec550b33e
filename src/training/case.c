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
#include "training/case.h"

const struct case_name *case_named(const char *name)
{
	size_t count;
	const struct case_name *names = cases(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].name, name) == 0)
			return &names[i];
	return NULL;
}

static int case_read(TALLOC_CTX *mem, const char *path, const char *shown, char **text, size_t *len,
	struct error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), sys;

	if (fd < 0)
		return error_system(err, TROUBLE_NOT_THERE, errno,
			_("The case %s cannot be opened"), shown);
	sys = file_read(mem, fd, CASE_FILE_LIMIT, (uint8_t **)text, len);
	close(fd);
	if (sys == EFBIG)
		return error_set(err, TROUBLE_USAGE,
			_("%s is not a case: a case is a file of at most 64 KB."), shown);
	return sys == 0
		? 0
		: error_system(err, TROUBLE_IO, sys, _("The case %s cannot be read"), shown);
}

/* A teacher's file. What is wrong with it is told with its name in front. */
static int case_file(TALLOC_CTX *mem, const char *path, struct training_case **found,
	struct error *err)
{
	struct error why = { .trouble = TROUBLE_NONE };
	char *text, *shown = text_shown(mem, path);
	size_t len;
	int ret = shown ? case_read(mem, path, shown, &text, &len, err) : error_memory(err);

	if (ret != 0)
		return ret;
	ret = case_parse(mem, text, len, found, &why);
	if (ret != 0)
		return error_set(err, why.trouble, "%s: %s", shown, why.text);
	(*found)->text = talloc_steal(*found, text);
	(*found)->text_len = len;
	return 0;
}

int case_find(TALLOC_CTX *mem, const char *name, struct training_case **found, struct error *err)
{
	const struct case_name *built_in = case_named(name);

	if (strchr(name, '/'))
		return case_file(mem, name, found, err);
	if (built_in)
		return case_parse(mem, built_in->text, built_in->len, found, err);
	return error_set(err, TROUBLE_USAGE,
		_("There is no practice case %s. %s train --list shows them all."),
		text_shown(mem, name), text_call());
}

/* All twists of a case, fault after fault. */
int case_spec(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed,
	struct practice_spec *spec, struct error *err)
{
	struct practice_edit *edits;
	size_t count = 0;

	*spec = (struct practice_spec){ .scenario = training->name, .seed = seed };
	for (size_t i = 0; i < training->fault_count; i++)
		count += training->faults[i]->edit_count;
	edits = memory_array(mem, sizeof *edits, count);
	if (!edits)
		return error_memory(err);
	for (size_t i = 0; i < training->fault_count; i++) {
		const struct fault *fault = training->faults[i];

		spec->flags |= fault->flags;
		for (size_t t = 0; t < fault->edit_count; t++)
			edits[spec->edit_count++] = fault->edits[t];
	}
	spec->edits = edits;
	return 0;
}

struct binding {
	struct training_case *bound;
	struct practice_spec spec;
	struct error *err;
	int status;
};

/* A text of the unbound case becomes one with its names filled in; NULL stays. */
static void text_bind(struct binding *binding, char **text)
{
	if (binding->status == 0 && *text)
		binding->status =
			practice_text(binding->bound, &binding->spec, *text, text, binding->err);
}

/* A sentence, in the trainee's language where it is one of ours. */
static void sentence_bind(struct binding *binding, char **text)
{
	if (*text)
		*text = talloc_strdup(binding->bound, _(*text));
	text_bind(binding, text);
}

static void texts_bind(struct binding *binding)
{
	struct training_case *bound = binding->bound;

	text_bind(binding, &bound->name);
	sentence_bind(binding, &bound->title);
	sentence_bind(binding, &bound->story);
	sentence_bind(binding, &bound->ask);
	for (size_t i = 0; i < bound->expect_count; i++) {
		text_bind(binding, &bound->expects[i].id);
		sentence_bind(binding, &bound->expects[i].why);
	}
	for (size_t i = 0; i < bound->tip_count; i++) {
		text_bind(binding, &bound->tips[i].id);
		for (size_t t = 0; t < CASE_TIPS; t++)
			sentence_bind(binding, &bound->tips[i].tips[t]);
	}
	for (size_t i = 0; i < bound->choice_count; i++)
		sentence_bind(binding, &bound->choices[i].text);
}

/* The choices in an order that follows from the seed (Fisher and Yates): the right one is not
 * always the first. */
static void choices_shuffle(struct training_case *bound)
{
	uint64_t state = bound->seed;

	for (size_t i = bound->choice_count; i > 1; i--) {
		const size_t with = (size_t)(practice_random(&state) % i);
		const struct case_choice last = bound->choices[i - 1];

		bound->choices[i - 1] = bound->choices[with];
		bound->choices[with] = last;
	}
}

int case_bind(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed,
	struct training_case **bound, struct error *err)
{
	struct binding binding = { .bound = talloc_memdup(mem, training, sizeof *training),
		.err = err };

	if (!binding.bound)
		return error_memory(err);
	binding.bound->seed = seed;
	binding.bound->text = NULL;
	binding.status = case_spec(binding.bound, training, seed, &binding.spec, err);
	texts_bind(&binding);
	choices_shuffle(binding.bound);
	if (binding.status == 0)
		*bound = binding.bound;
	else
		talloc_free(binding.bound);
	return binding.status;
}
