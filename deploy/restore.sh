#!/bin/sh
# Puts a backup into a data dir that is not there yet, or is empty.
#
#   restore.sh [-w <workstreams dir>] <backup> <data dir>
#
# It never writes over anything. -w is for those who have set workstreams.storage_path.
set -eu
umask 077
export LC_ALL=C

say() { printf 'restore.sh: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

workstreams=
while getopts w: option; do
  case $option in
    w) workstreams=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || { say "usage: restore.sh [-w <workstreams dir>] <backup> <data dir>"; exit 2; }
backup=$1 data=$2
if [ -n "$workstreams" ]; then trash=$workstreams/.trash; else workstreams=$data/workstreams trash=$data/trash; fi
[ -f "$backup/CHECKSUMS" ] || fail "$backup is no backup that was finished"

for folder in "$data" "$workstreams"; do
  if [ -e "$folder" ] && [ -n "$(ls -A "$folder")" ]; then fail "there is something in $folder; nothing was changed"; fi
done

found=$(mktemp)
trap 'rm -rf "$found"' EXIT
trap 'exit 1' HUP INT TERM
sums() { (cd "$1" && find . -type f ! -name CHECKSUMS -exec cksum {} + | sort); }
sums "$backup" >"$found"
cmp -s "$backup/CHECKSUMS" "$found" || fail "$backup is not as it was made; nothing was changed"

# Each folder gets its name when all of it is there, the workstreams last.
put() { # <what> <where>
  [ -d "$backup/$1" ] || return 0
  mkdir -p "$(dirname "$2")"
  cp -Rp "$backup/$1" "$2.restoring"
  sync
  [ ! -d "$2" ] || rmdir "$2"
  mv "$2.restoring" "$2"
}
mkdir -p "$data"
put quarantine "$data/quarantine"
if [ "$trash" = "$data/trash" ]; then
  put trash "$trash"
  put workstreams "$workstreams"
else
  put workstreams "$workstreams"
  put trash "$trash"
fi
sync
say "$data is as $backup has it; the index is built with the first call"
