#!/bin/sh
set -e

if [ "$(id -u)" = 0 ]; then
    chown -R notes "${NOTES_DIR:-/data}"
    exec su-exec notes "$0" "$@"
fi

/notes migrate
exec "$@"
