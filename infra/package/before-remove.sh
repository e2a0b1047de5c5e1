#!/bin/sh
set -e
# An upgrade removes nothing: dpkg says "upgrade" then, and rpm 1.
case "$1" in
upgrade | 1) exit 0 ;;
esac
if [ -d /run/systemd/system ]; then
	systemctl disable --now roster.service
fi
