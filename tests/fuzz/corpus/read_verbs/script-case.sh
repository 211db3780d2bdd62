#!/bin/sh
dev=/dev/snd/hwC0D0
case "$1" in
  on|start) hda-verb $dev 0x14 0x70c 2
     hda-verb $dev 0x15 0x70c 2 ;;
  off)
     # switch off
     hda-verb $dev 0x14 0x70c 0
     ;;
  *) echo "usage: $0 on|off"; exit 1;;
esac
hda-verb $dev 0x1 0x705 0
