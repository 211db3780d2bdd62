// SPDX-License-Identifier: GPL-2.0-or-later
/* ExtractHDADump: joins the frames of a folder into all verbs and all responses. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "compat/extract.h"
#include "compat/print_notes.h"
#include "compat/programs.h"
#include "input/frames/frameset.h"

struct extract {
	struct extract_options opt;
	bool losses;
};

/* Fails if one of the output files exists, so that none is written then. */
static struct err *check_free(const struct extract *x, int out)
{
	static const char *const names[] = { "allCORBframes", "allRIRBframes" };

	for (int i = 0; i < 2 && !x->opt.overwrite; i++)
		if (faccessat(out, names[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return err_new(ERR_FAIL, "%s exists and is not overwritten; use "
				       "--force", names[i]);
	if (x->opt.pair && !x->opt.overwrite && access(x->opt.pair, F_OK) == 0)
		return err_new(ERR_FAIL, "%s exists and is not overwritten; use --force",
			       x->opt.pair);
	return NULL;
}

static size_t entries(const struct joined_lane *l)
{
	return l->count[ENTRY_DOUBT] + l->count[ENTRY_STOPPED] + l->count[ENTRY_GOOD];
}

static struct err *run(struct extract *x)
{
	struct frameset set = { 0 };
	struct buf notes = { 0 };
	struct joined j = { 0 };
	const struct joined_lane *corb = &j.lane[LANE_CORB], *rirb = &j.lane[LANE_RIRB];
	struct err *e = NULL;
	int in = open(x->opt.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), out = -1;

	if (in < 0) {
		e = err_sys(errno, "%s", x->opt.folder);
		goto out;
	}
	out = open(x->opt.output, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out < 0) {
		e = err_sys(errno, "%s", x->opt.output);
		goto out;
	}
	e = frameset_load(&set, in, &notes);
	if (!e && !set.n)
		e = err_new(ERR_FAIL, "there are no frames in %s", x->opt.folder);
	if (!e)
		e = frameset_join(&set, &notes, &j);
	if (!e)
		e = check_free(x, out);
	if (!e)
		x->losses = joined_tell(&j, &notes);
	print_notes_tell(&notes);
	if (!e)
		e = extract_write(out, "allCORBframes", corb->data, corb->n * 4, x->opt.overwrite);
	if (!e)
		e = extract_write(out, "allRIRBframes", rirb->data, rirb->n * 8, x->opt.overwrite);
	if (!e && x->opt.pair)
		e = extract_pair(in, x->opt.folder, x->opt.pair, x->opt.overwrite);
	if (e)
		goto out;
	log_note("%zu verbs, %zu responses%s", entries(corb), entries(rirb), j.indexed ? "" :
		 " at most: without " FRAME_INDEX " it is unknown which slots were in use");
	x->losses |= j.faults;
out:
	joined_deinit(&j);
	frameset_deinit(&set);
	buf_deinit(&notes);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return e;
}

int main(int argc, char **argv)
{
	struct extract x = { .opt.output = "." };
	struct err *e;
	int first, status;

	if (!program_start(&program_ExtractHDADump, argc, argv, &x.opt, &first, &status))
		return status;
	x.opt.folder = argv[first];
	e = run(&x);
	return program_end(e, x.losses ? 3 : 0);
}
