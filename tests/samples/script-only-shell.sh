#!/bin/bash
for f in $(cat list); do hda-verb $f; done
