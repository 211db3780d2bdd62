// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that add one word to the kernel's command line, for each boot loader. */
#include <string.h>

#include "host/judge_int.h"

void boot_commands(const struct facts *f, const char *word, struct doctor_finding *to)
{
	switch (f->boot) {
	case BOOT_DEBIAN_GRUB:
		command(to, "sudo mkdir -p /etc/default/grub.d");
		command(to, "echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX %s\"' | sudo tee "
			"/etc/default/grub.d/hdadump.cfg", word);
		command(to, "sudo update-grub && sudo reboot");
		break;
	case BOOT_FEDORA_GRUBBY:
		command(to, "sudo grubby --update-kernel=ALL --args=%s && sudo reboot", word);
		break;
	case BOOT_SUSE_GRUB:
	case BOOT_GRUB_MKCONFIG:
		command(to, "sudo sed -i 's/^GRUB_CMDLINE_LINUX=\"/&%s /' /etc/default/grub", word);
		if (f->boot == BOOT_SUSE_GRUB)
			command(to, "sudo grub2-mkconfig -o /boot/grub2/grub.cfg && sudo reboot");
		else
			command(to, "sudo grub-mkconfig -o /boot/grub/grub.cfg && sudo reboot");
		break;
	case BOOT_SYSTEMD:
		command(to, "sudo sh -c \"sed -i '/^options/ s/\\$/ %s/' \\$(bootctl "
			"-x)/loader/entries/*.conf\"", word);
		command(to,
			"# if you have /etc/kernel/cmdline: add %s there too, for later kernels",
			word);
		command(to, "sudo reboot");
		break;
	case BOOT_KERNELSTUB:
		command(to, "sudo kernelstub -a %s && sudo reboot", word);
		break;
	case BOOT_OSTREE:
		command(to, "sudo rpm-ostree kargs --append-if-missing=%s && sudo reboot", word);
		break;
	case BOOT_NIXOS:
		command(to, "# in /etc/nixos/configuration.nix: boot.kernelParams = [ \"%s\" ];",
			word);
		command(to, "sudo nixos-rebuild boot && sudo reboot");
		break;
	case BOOT_REFIND:
		command(to, "sudo sed -i 's/\"$/ %s\"/' /boot/refind_linux.conf && sudo reboot",
			word);
		break;
	case BOOT_UNKNOWN:
		command(to,
			"# add to the kernel's command line, where your boot loader keeps it: %s",
			word);
		command(to, "sudo reboot");
		break;
	}
}
