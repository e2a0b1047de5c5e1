#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	# An upgrade: the program that runs is the old one.
	systemctl try-restart roster.service
fi
