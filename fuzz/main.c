/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One target for libFuzzer; which one is said by the build. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	return FUZZ_TARGET(bytes, len);
}
