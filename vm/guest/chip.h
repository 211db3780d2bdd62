/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An HD Audio controller in the hands of a program: its registers mapped
 * through sysfs, pages of memory whose physical place is known, and its rings
 * set up in them.
 *
 * Registers: Intel HD Audio specification 1.0a, section 3.3.
 */
#ifndef CHIP_H
#define CHIP_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GCTL 0x08
#define GCTL_CRST 1
#define STATESTS 0x0e
#define CORBLBASE 0x40
#define CORBUBASE 0x44
#define CORBWP 0x48
#define CORBRP 0x4a
#define CORBRP_RST 0x8000
#define CORBCTL 0x4c
#define CORBCTL_RUN 2
#define CORBSIZE 0x4e
#define RIRBLBASE 0x50
#define RIRBUBASE 0x54
#define RIRBWP 0x58
#define RIRBWP_RST 0x8000
#define RINTCNT 0x5a
#define RIRBCTL 0x5c
#define RIRBCTL_IRQ 1	/* QEMU's RIRBSTS is only set with it; INTCTL keeps the line quiet */
#define RIRBCTL_DMA 2
#define RIRBSTS 0x5d
#define RIRBSTS_ALL 5
#define ICOI 0x60
#define ICII 0x64
#define ICIS 0x68
#define ICIS_ICB 1
#define ICIS_IRV 2

#define RING 256
#define PAGE 4096
#define RESPONSES_PER_STOP 0xff	/* RINTCNT; QEMU's controller pauses after that many */

static const char *name;
static volatile uint8_t *bar;

static struct page {
	void *mem;
	uint64_t phys;
} corb, rirb;
static unsigned int corb_wp, rirb_rp;

static void die(const char *what)
{
	fprintf(stderr, "mmio: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void w8(unsigned int reg, uint8_t v)
{
	bar[reg] = v;
}

static void w16(unsigned int reg, uint16_t v)
{
	*(volatile uint16_t *)(bar + reg) = v;
}

static void w32(unsigned int reg, uint32_t v)
{
	*(volatile uint32_t *)(bar + reg) = v;
}

static void w64(unsigned int reg, uint64_t v)
{
	*(volatile uint64_t *)(bar + reg) = v;
}

static uint8_t r8(unsigned int reg)
{
	return bar[reg];
}

static uint16_t r16(unsigned int reg)
{
	return *(volatile uint16_t *)(bar + reg);
}

static uint32_t r32(unsigned int reg)
{
	return *(volatile uint32_t *)(bar + reg);
}

static int sysfs_open(const char *file, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", name, file);
	fd = open(path, flags);
	if (fd < 0)
		die(path);
	return fd;
}

static void open_device(void)
{
	uint16_t command = 6;	/* memory decoding and bus mastering */
	int fd;

	fd = sysfs_open("enable", O_WRONLY);
	if (write(fd, "1", 1) != 1)
		die("enable");
	close(fd);
	fd = sysfs_open("config", O_RDWR);
	if (pwrite(fd, &command, 2, 4) != 2)
		die("config");
	close(fd);
	fd = sysfs_open("resource0", O_RDWR | O_SYNC);
	bar = mmap(NULL, 0x4000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bar == MAP_FAILED)
		die("resource0");
	close(fd);
}

/* A page of memory that stays where it is, and where that is. */
static struct page page_alloc(void)
{
	struct page p;
	uint64_t entry;
	int fd;

	p.mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_POPULATE, -1, 0);
	if (p.mem == MAP_FAILED)
		die("mmap");
	memset(p.mem, 0xa5, PAGE);
	fd = open("/proc/self/pagemap", O_RDONLY);
	if (fd < 0 || pread(fd, &entry, 8, (uintptr_t)p.mem / PAGE * 8) != 8)
		die("pagemap");
	close(fd);
	p.phys = (entry & ((1ull << 55) - 1)) * PAGE;
	return p;
}

/*
 * Long enough for whoever watches to have looked at the ring: what is stopped
 * or reset at once cannot be proven to be still there, and no driver does it.
 */
static void settle(void)
{
	usleep(200 * 1000);
}

static void controller_reset(void)
{
	settle();
	w32(GCTL, 0);
	while (r32(GCTL) & GCTL_CRST)
		;
	w32(GCTL, GCTL_CRST);
	while (!(r32(GCTL) & GCTL_CRST))
		;
	usleep(1000);
	r16(STATESTS);
}

static void corb_base(uint64_t phys)
{
	w32(CORBLBASE, phys);
	w32(CORBUBASE, phys >> 32);
}

static void rirb_base(uint64_t phys)
{
	w32(RIRBLBASE, phys);
	w32(RIRBUBASE, phys >> 32);
}

static void rings_start(void)
{
	w16(CORBWP, 0);
	w16(CORBRP, CORBRP_RST);
	w16(CORBRP, 0);
	w16(RIRBWP, RIRBWP_RST);
	w16(RINTCNT, RESPONSES_PER_STOP);
	corb_wp = rirb_rp = 0;
	w8(RIRBCTL, RIRBCTL_DMA | RIRBCTL_IRQ);
	w8(CORBCTL, CORBCTL_RUN);
}

static void rings_stop(void)
{
	settle();
	w8(CORBCTL, 0);
	w8(RIRBCTL, 0);
}

static void setup(void)
{
	controller_reset();
	corb_base(corb.phys);
	rirb_base(rirb.phys);
	rings_start();
}

#endif
