# A server inside disk images.
# Images made on the spot, and the whole program on them.
image_tests = tests/image.test tests/image_bad.test tests/image_cut.test
TESTS += $(image_tests)
EXTRA_DIST += $(image_tests) tests/image/lab.sh

# Two hundred cuts. CUT_SEED: others.
.PHONY: image-cuts
image-cuts: all
	srcdir=$(srcdir) top_builddir=. CUTS=$${CUTS:-200} $(SHELL) -c '. $(srcdir)/tests/place.sh; $(srcdir)/tests/image_cut.test'
