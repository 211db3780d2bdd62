// SPDX-License-Identifier: GPL-2.0-or-later
#include "bpf/machine.h"

#include <elf.h>
#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Relocations of BPF objects (llvm's ELFRelocs/BPF.def); elf.h does not have them. */
#define RELOC_64 1	/* the address in a load of 64 bits */
#define RELOC_CALL 10	/* a call of a function in this object */

#define STACK 512
#define POISON 0xdead0000dead0000ull	/* a call leaves this in registers that it may change */

struct machine {
	char *file;
	const Elf64_Ehdr *elf;
	const Elf64_Shdr *section;
	const Elf64_Sym *symbols;
	const char *names, *section_names;
	size_t symbol_count;
	uint8_t **data;		/* a copy of each section, from which code is run */
	machine_symbol symbol;
	machine_helper helper;
};

/* --- the object ----------------------------------------------------------------- */

static const char *name_of(const struct machine *m, const Elf64_Shdr *s)
{
	return m->section_names + s->sh_name;
}

/* A place in section @index: the test's own, if it has one. */
static uint8_t *place_of(const struct machine *m, unsigned int index, uint64_t offset)
{
	for (size_t i = 0; i < m->symbol_count; i++) {
		const Elf64_Sym *s = &m->symbols[i];

		if (s->st_shndx != index || ELF64_ST_TYPE(s->st_info) != STT_OBJECT ||
		    offset < s->st_value || offset >= s->st_value + s->st_size)
			continue;
		uint8_t *own = m->symbol(m->names + s->st_name);

		if (own)
			return own + (offset - s->st_value);
	}
	return m->data[index] + offset;
}

/* Code begins at the same offset in each copy, so that a call can be a distance. */
static void relocate(struct machine *m, unsigned int index, const Elf64_Rel *rel, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const Elf64_Sym *s = &m->symbols[ELF64_R_SYM(rel[i].r_info)];
		struct bpf_insn *insn = (struct bpf_insn *)(m->data[index] + rel[i].r_offset);

		assert_true(rel[i].r_offset + sizeof(*insn) <= m->section[index].sh_size);
		if (ELF64_R_TYPE(rel[i].r_info) == RELOC_CALL) {
			const struct bpf_insn *to = (struct bpf_insn *)m->data[s->st_shndx];

			assert_int_equal(insn->code, BPF_JMP | BPF_CALL);
			assert_int_equal(insn->src_reg, BPF_PSEUDO_CALL);
			to += s->st_value / sizeof(*insn) + insn->imm + 1;
			insn->imm = (int32_t)(to - (insn + 1));
			continue;
		}
		assert_int_equal(ELF64_R_TYPE(rel[i].r_info), RELOC_64);
		assert_int_equal(insn->code, BPF_LD | BPF_IMM | BPF_DW);
		uint64_t at = (uintptr_t)place_of(m, s->st_shndx, s->st_value + (uint32_t)insn->imm);

		insn[0].imm = (int32_t)at;
		insn[1].imm = (int32_t)(at >> 32);
	}
}

static void read_sections(struct machine *m)
{
	size_t sum = 0;

	m->section = (const Elf64_Shdr *)(m->file + m->elf->e_shoff);
	m->section_names = m->file + m->section[m->elf->e_shstrndx].sh_offset;
	for (unsigned int i = 0; i < m->elf->e_shnum; i++) {
		const Elf64_Shdr *s = &m->section[i];

		sum += (s->sh_size + 15) & ~15ull;
		if (s->sh_type != SHT_SYMTAB)
			continue;
		m->symbols = (const Elf64_Sym *)(m->file + s->sh_offset);
		m->symbol_count = s->sh_size / sizeof(*m->symbols);
		m->names = m->file + m->section[s->sh_link].sh_offset;
	}
	/* one block, because the distance of a call has 32 bits */
	m->data = calloc(m->elf->e_shnum + 1u, sizeof(*m->data));
	m->data[0] = calloc(1, sum + 1);
	uint8_t *at = m->data[0];

	for (unsigned int i = 0; i < m->elf->e_shnum; i++) {
		const Elf64_Shdr *s = &m->section[i];

		m->data[i] = at;
		if (s->sh_type != SHT_NOBITS)
			memcpy(at, m->file + s->sh_offset, s->sh_size);
		at += (s->sh_size + 15) & ~15ull;
	}
	for (unsigned int i = 0; i < m->elf->e_shnum; i++) {
		const Elf64_Shdr *s = &m->section[i];

		if (s->sh_type == SHT_REL && m->section[s->sh_info].sh_flags & SHF_EXECINSTR)
			relocate(m, s->sh_info, (const Elf64_Rel *)(m->file + s->sh_offset),
				 s->sh_size / sizeof(Elf64_Rel));
	}
}

struct machine *machine_create(const char *path, machine_symbol symbol, machine_helper helper)
{
	struct machine *m = calloc(1, sizeof(*m));
	FILE *f = fopen(path, "rb");

	if (!f || !m)
		fail_msg("cannot open %s", path);
	fseek(f, 0, SEEK_END);
	long size = ftell(f);

	rewind(f);
	m->file = malloc((size_t)size);
	assert_int_equal(fread(m->file, 1, (size_t)size, f), size);
	fclose(f);
	m->elf = (const Elf64_Ehdr *)m->file;
	assert_memory_equal(m->elf->e_ident, ELFMAG, SELFMAG);
	assert_int_equal(m->elf->e_machine, EM_BPF);
	m->symbol = symbol;
	m->helper = helper;
	read_sections(m);
	return m;
}

void machine_destroy(struct machine *m)
{
	if (!m)
		return;
	free(m->data[0]);
	free(m->data);
	free(m->file);
	free(m);
}

/* --- the instructions ------------------------------------------------------------- */

static uint64_t operate(const struct bpf_insn *i, uint64_t a, uint64_t b, unsigned int bits)
{
	unsigned int shift = b & (bits - 1);

	if (bits == 32) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	switch (BPF_OP(i->code)) {
	case BPF_ADD: return a + b;
	case BPF_SUB: return a - b;
	case BPF_MUL: return a * b;
	case BPF_DIV: return b ? a / b : 0;
	case BPF_MOD: return b ? a % b : a;
	case BPF_OR: return a | b;
	case BPF_AND: return a & b;
	case BPF_XOR: return a ^ b;
	case BPF_LSH: return a << shift;
	case BPF_RSH: return a >> shift;
	case BPF_ARSH: return bits == 32 ? (uint64_t)((int32_t)a >> shift) :
					   (uint64_t)((int64_t)a >> shift);
	case BPF_NEG: return -a;
	case BPF_MOV: return b;
	}
	fail_msg("unknown operation: code 0x%02x", i->code);
	return 0;
}

static int holds(const struct bpf_insn *i, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	if (BPF_CLASS(i->code) == BPF_JMP32) {
		a = (uint32_t)a;
		b = (uint32_t)b;
		sa = (int32_t)a;
		sb = (int32_t)b;
	}
	switch (BPF_OP(i->code)) {
	case BPF_JA: return 1;
	case BPF_JEQ: return a == b;
	case BPF_JNE: return a != b;
	case BPF_JSET: return (a & b) != 0;
	case BPF_JGT: return a > b;
	case BPF_JGE: return a >= b;
	case BPF_JLT: return a < b;
	case BPF_JLE: return a <= b;
	case BPF_JSGT: return sa > sb;
	case BPF_JSGE: return sa >= sb;
	case BPF_JSLT: return sa < sb;
	case BPF_JSLE: return sa <= sb;
	}
	fail_msg("unknown jump: code 0x%02x", i->code);
	return 0;
}

static size_t width_of(const struct bpf_insn *i)
{
	switch (BPF_SIZE(i->code)) {
	case BPF_B: return 1;
	case BPF_H: return 2;
	case BPF_W: return 4;
	default: return 8;
	}
}

static uint64_t load(const struct bpf_insn *i, uint64_t at)
{
	uint64_t value = 0;

	assert_int_equal(BPF_MODE(i->code), BPF_MEM);
	memcpy(&value, (const void *)(uintptr_t)at, width_of(i));
	return value;
}

/* The store of one instruction; @r: the source register, which some of them change. */
static void store(const struct bpf_insn *i, uint64_t at, uint64_t *r)
{
	void *to = (void *)(uintptr_t)at;
	uint64_t old = 0, value = *r;

	if (BPF_CLASS(i->code) == BPF_ST) {
		assert_int_equal(BPF_MODE(i->code), BPF_MEM);
		value = (uint64_t)(int64_t)i->imm;
	} else if (BPF_MODE(i->code) == BPF_ATOMIC) {
		memcpy(&old, to, width_of(i));
		switch (i->imm & ~BPF_FETCH) {
		case BPF_ADD: value = old + value; break;
		case BPF_OR: value = old | value; break;
		case BPF_AND: value = old & value; break;
		case BPF_XOR: value = old ^ value; break;
		default: fail_msg("unknown atomic operation 0x%x", i->imm);
		}
		if (i->imm & BPF_FETCH)
			*r = old;
	} else {
		assert_int_equal(BPF_MODE(i->code), BPF_MEM);
	}
	memcpy(to, &value, width_of(i));
}

static uint64_t run(struct machine *m, const struct bpf_insn *i, const uint64_t *args,
		    unsigned int depth)
{
	uint8_t stack[STACK] __attribute__((aligned(8)));
	uint64_t r[11], b;

	assert_true(depth < 8);
	memset(stack, 0xa5, sizeof(stack));
	for (unsigned int n = 0; n < 10; n++)
		r[n] = n >= 1 && n <= 5 ? args[n - 1] : POISON;
	r[10] = (uintptr_t)(stack + STACK);
	for (;; i++) {
		uint64_t *d = &r[i->dst_reg];

		b = i->code & BPF_X ? r[i->src_reg] : (uint64_t)(int64_t)i->imm;
		switch (BPF_CLASS(i->code)) {
		case BPF_ALU:
			*d = (uint32_t)operate(i, *d, b, 32);
			continue;
		case BPF_ALU64:
			*d = operate(i, *d, b, 64);
			continue;
		case BPF_LD:
			assert_int_equal(i->code, BPF_LD | BPF_IMM | BPF_DW);
			*d = (uint32_t)i[0].imm | (uint64_t)(uint32_t)i[1].imm << 32;
			i++;
			continue;
		case BPF_LDX:
			*d = load(i, r[i->src_reg] + (uint64_t)(int64_t)i->off);
			continue;
		case BPF_ST:
		case BPF_STX:
			store(i, *d + (uint64_t)(int64_t)i->off, &r[i->src_reg]);
			continue;
		}
		if (i->code == (BPF_JMP | BPF_EXIT))
			return r[0];
		if (i->code == (BPF_JMP | BPF_CALL)) {
			r[0] = i->src_reg == BPF_PSEUDO_CALL ? run(m, i + 1 + i->imm, r + 1, depth + 1) :
				m->helper((uint32_t)i->imm, r + 1);
			for (unsigned int n = 1; n <= 5; n++)
				r[n] = POISON;
			continue;
		}
		if (holds(i, *d, b))
			i += i->off;
	}
}

uint64_t machine_run(struct machine *m, const char *section, void *context)
{
	const uint64_t args[5] = { (uintptr_t)context, POISON, POISON, POISON, POISON };

	for (unsigned int i = 0; i < m->elf->e_shnum; i++)
		if (strcmp(name_of(m, &m->section[i]), section) == 0)
			return run(m, (const struct bpf_insn *)m->data[i], args, 0);
	fail_msg("no section %s", section);
	return 0;
}
