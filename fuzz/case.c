/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A teacher's case. */
#include "fuzz/fuzz.h"

#include "base/text.h"
#include "training/case.h"

static void texts(TALLOC_CTX *mem, const struct training_case *training)
{
	must_show(training->name);
	must_show(training->title);
	must_show(training->story);
	for (size_t i = 0; i < training->expect_count; i++) {
		must_show(training->expects[i].why);
		must(case_expect_find(training, training->expects[i].id) != NULL,
			"what is expected is found");
		must(training->expects[i].answer <= CASE_REFUSE, "an answer is one of four");
	}
	for (size_t i = 0; i < training->tip_count; i++)
		for (size_t k = 0; k < CASE_TIPS && training->tips[i].tips[k]; k++)
			must_show(training->tips[i].tips[k]);
	for (size_t i = 0; i < training->choice_count; i++)
		must_show(training->choices[i].text);
	must(!training->ask || training->choice_count >= 2, "a question has answers");
	(void)case_runs(mem, training->name);
}

int fuzz_case(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct training_case *parsed, *bound;
	struct error err = { 0 };

	if (case_parse(mem, (const char *)bytes, len, &parsed, &err) == 0) {
		texts(mem, parsed);
		if (case_bind(mem, parsed, len, &bound, &err) == 0)
			texts(mem, bound);
		else
			must_show(err.text);
	} else {
		must_show(err.text);
	}
	talloc_free(mem);
	return 0;
}
