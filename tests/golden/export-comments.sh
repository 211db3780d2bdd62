#!/bin/sh
# Verbs for codec 0x10ec0298, subsystem 0x144dc8ff
# made by hdadump 0.1.0 from transaction-trailing-comments.txt
# with sha256 29124abd3aaac23be993e7388ffca9bc68066e49bf9698d0fcb9796952a6c689
#
# transaction-trailing-comments.service runs it at each start, transaction-trailing-comments.sleep after each sleep.

vendor=0x10ec0298
subsystem=0x144dc8ff

# The ids of a codec, as the kernel has them.
ids() {
	s=/sys/class/sound/$1
	if [ -r "$s/vendor_id" ]; then
		echo "$(cat "$s/vendor_id") $(cat "$s/subsystem_id")"
		return
	fi
	c=${1#hwC}
	sed -n -e 's/^Vendor Id: //p' -e 's/^Subsystem Id: //p' \
		"/proc/asound/card${c%D*}/codec#${c#*D}" 2>/dev/null | tr '\n' ' '
}

# True when this is the codec that the verbs were made for, as far as that is known.
is_it() {
	set -- $(ids "$1")
	[ $# = 2 ] || return 1
	[ "$vendor" = unknown ] || [ $(($1)) = $((vendor)) ] || return 1
	[ "$subsystem" = unknown ] || [ "$any" ] || [ $(($2)) = $((subsystem)) ]
}

usage() {
	echo "usage: ${0##*/} [--dry-run] [--stay-awake] [--any-machine] [/dev/snd/hwC0D0]" >&2
	echo "Without a device it looks for the codec by its ids." >&2
	exit 2
}

dry='' awake='' any='' device=''
for a in "$@"; do
	case $a in
	--dry-run) dry=1 ;;
	--stay-awake) awake=1 ;;
	--any-machine) any=1 ;;
	/dev/*) device=$a ;;
	*) usage ;;
	esac
done

fit=''
if [ "$device" ]; then
	is_it "${device##*/}" || {
		set -- $(ids "${device##*/}")
		echo "$device is codec ${1:-unknown}, subsystem ${2:-unknown}, not" \
			"$vendor with $subsystem" >&2
		exit 1
	}
else
	for d in /dev/snd/hwC*D*; do
		is_it "${d##*/}" || continue
		fit="$fit $d"
		device=${device:-$d}
	done
	[ "$device" ] || {
		echo "no codec $vendor with subsystem $subsystem in this machine" >&2
		exit 1
	}
fi

# If the list does not name the codec, the user must confirm it.
case "$any $vendor $subsystem" in
1* | *unknown*)
	[ "$fit" = '' ] || [ "$fit" = " $device" ] || {
		echo "several codecs may be the one: name its device" >&2
		for d in $fit; do
			echo "  $d is codec $(ids "${d##*/}")" >&2
		done
		exit 1
	} ;;
esac
case "$any$dry $vendor $subsystem" in
' '*unknown*)
	set -- $(ids "${device##*/}")
	echo "The verbs are for codec $vendor, subsystem $subsystem." >&2
	echo "$device is codec $1, subsystem $2." >&2
	if [ -t 0 ]; then
		printf 'Send them to it? [y/N] ' >&2
		read -r reply || reply=''
	else
		reply=''
	fi
	case $reply in
	[yY] | [yY][eE][sS]) ;;
	*)
		echo "Nothing was sent. If they are for this codec: use --any-machine, or write" >&2
		echo "its ids into $0: vendor=$1 subsystem=$2" >&2
		exit 1 ;;
	esac ;;
esac

[ "$dry" ] || command -v hda-verb >/dev/null || {
	echo "hda-verb is missing: it is in the package alsa-tools" >&2
	exit 1
}

# A sleeping codec loses its registers; this keeps it awake until the next boot.
if [ "$awake" ] && [ ! "$dry" ]; then
	echo on >"/sys/class/sound/${device##*/}/device/power/control" ||
		echo "cannot keep the codec awake" >&2
fi

verb() {
	if [ "$dry" ]; then
		echo "hda-verb $device $*"
		return
	fi
	answer=$(hda-verb "$device" "$@" 2>&1) || {
		echo "hda-verb $device $*: $answer" >&2
		exit 1
	}
	case $answer in
	*"value = 0xffffffff"*)
		echo "the codec does not answer hda-verb $*: stopped" >&2
		exit 1 ;;
	esac
}

# target
# left
# register
# on
# amp 38: reg 203a = 81
verb 0x20 0x500 0x22
verb 0x20 0x400 0x38
verb 0x20 0x500 0x23
verb 0x20 0x400 0x203a
verb 0x20 0x400 0x0
verb 0x20 0x400 0x81
verb 0x20 0x400 0xb011

# amp 38: reg 23ff = 1
verb 0x20 0x500 0x23
verb 0x20 0x400 0x23ff
verb 0x20 0x400 0x0
verb 0x20 0x400 0x1
verb 0x20 0x400 0xb011
