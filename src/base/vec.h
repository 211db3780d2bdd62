/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growable arrays: an array from malloc(3), its number of elements, and its capacity, as
 * three members of the owner's struct.
 *
 *	if (!vec_room(l->v, l->n, l->cap))
 *		return err_nomem();
 *	l->v[l->n++] = (struct thing){ ... };
 *
 * Both macros return false if memory ran out, or if the capacity would overflow its type or a
 * size in bytes: the array and its members are then unchanged. Arguments are evaluated more
 * than once.
 */
#ifndef HDADUMP_BASE_VEC_H
#define HDADUMP_BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { VEC_FIRST = 4 };

/*
 * Reallocates @v for twice *@cap elements of @size, at least VEC_FIRST, and updates *@cap.
 * NULL if memory ran out, or if *@cap would exceed @max.
 */
static inline void *vec_double(void *v, size_t *cap, size_t max, size_t size)
{
	size_t room = *cap < VEC_FIRST ? VEC_FIRST : *cap * 2;
	void *p = *cap > max / 2 ? NULL : reallocarray(v, room, size);

	if (p)
		*cap = room;
	return p;
}

/* Makes room for one more element after @n; @cap is an unsigned lvalue, 0 at first. */
#define vec_room(v, n, cap) ((n) < (cap) || ({					\
	size_t vec_cap = (cap);							\
	void *vec_new = vec_double((v), &vec_cap, (__typeof__(cap))-1, sizeof(*(v))); \
	if (vec_new) {								\
		(v) = vec_new;							\
		(cap) = (__typeof__(cap))vec_cap;				\
	}									\
	vec_new != NULL; }))

/* True if a list that has only grown one by one, with vec_more(), is full. */
static inline bool vec_is_full(size_t n)
{
	return !n || (n >= VEC_FIRST && !(n & (n - 1)));
}

/* The same without @cap: for a list that only grows, the capacity follows from @n. */
#define vec_more(v, n) (!vec_is_full(n) || ({					\
	size_t vec_cap = (n);							\
	void *vec_new = vec_double((v), &vec_cap, SIZE_MAX, sizeof(*(v)));	\
	if (vec_new)								\
		(v) = vec_new;							\
	vec_new != NULL; }))

#endif
