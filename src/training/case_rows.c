/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a case that was read says of faults and rows. */
#include <string.h>

#include "base/text.h"
#include "training/case.h"

const struct fault *fault_find(const char *id)
{
	size_t count;
	const struct fault *table = faults(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].id, id) == 0)
			return &table[i];
	return NULL;
}

bool case_has_trap(const struct training_case *training)
{
	for (size_t i = 0; i < training->expect_count; i++)
		if (training->expects[i].trap)
			return true;
	return training->ask;
}

bool case_refuses(const struct training_case *training)
{
	for (size_t i = 0; i < training->expect_count; i++)
		if (training->expects[i].answer == CASE_REFUSE)
			return true;
	return false;
}

const struct case_expect *case_expect_find(const struct training_case *training, const char *id)
{
	for (size_t i = 0; i < training->expect_count; i++)
		if (text_equal(training->expects[i].id, id))
			return &training->expects[i];
	return NULL;
}

struct training_mail *case_mail(TALLOC_CTX *mem, const char *id)
{
	static const char begin[] = "mail/";
	const char *end = strrchr(id, '/');
	struct training_mail *mail;

	if (strncmp(id, begin, strlen(begin)) != 0 || end <= id + strlen(begin))
		return NULL;
	for (unsigned d = 0; d < MAIL_DIRECTIONS; d++) {
		if (strcmp(mail_direction_name((enum mail_direction)d), end + 1) != 0)
			continue;
		mail = talloc_zero(mem, struct training_mail);
		if (!mail)
			return NULL;
		mail->direction = (enum mail_direction)d;
		mail->pcmta = talloc_strndup(mail, id + strlen(begin),
			(size_t)(end - id) - strlen(begin));
		return mail->pcmta ? mail : NULL;
	}
	return NULL;
}
