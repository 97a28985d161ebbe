#!/bin/sh
# Copies a data dir, also while it is in use.
#
#   backup.sh [-w <workstreams dir>] <data dir> <folder for backups>
#
# Makes <folder for backups>/arawn-<time in UTC>/ and prints its path. -w is for those who have set
# workstreams.storage_path. What is copied, in which order and why: docs/operations.md, "Backup".
set -eu
umask 077
export LC_ALL=C

say() { printf 'backup.sh: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

workstreams=
while getopts w: option; do
  case $option in
    w) workstreams=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || { say "usage: backup.sh [-w <workstreams dir>] <data dir> <folder for backups>"; exit 2; }
data=$1
if [ -n "$workstreams" ]; then trash=$workstreams/.trash; else workstreams=$data/workstreams trash=$data/trash; fi
[ -d "$workstreams" ] || fail "there are no workstreams in $workstreams"

name=arawn-$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$2"
made=$(cd "$2" && pwd)/$name
copy=$made.partial
[ ! -e "$made" ] && mkdir "$copy" || fail "$made is there already"
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$copy/workstreams"

# Logs with their sizes, one a line. Ids have no spaces; what we or others hide there is no workstream.
logs() { # <folder> <name of a log>...
  folder=$1
  shift
  for log; do
    (cd "$folder" && find . -path './.?*' -prune -o -type f -path "./*/$log.jsonl" -exec wc -c {} +)
  done | awk '$2 != "total" { print $1, $2 }' | sort
}

# Copies the logs that are not yet as long as they are now. Never less than what was there when it began.
copy_logs() { # <name of a log>...
  logs "$workstreams" "$@" >"$lists/there"
  logs "$copy/workstreams" "$@" >"$lists/copied"
  comm -23 "$lists/there" "$lists/copied" | cut -d ' ' -f 2 >"$lists/wanted"
  [ -s "$lists/wanted" ] || return 0
  # A log that grows while it is read makes some tars say so: sizes are looked at below.
  (cd "$workstreams" && tar -cf - -T "$lists/wanted" 2>"$lists/said") | (cd "$copy/workstreams" && tar -xf -)
  logs "$copy/workstreams" "$@" >"$lists/copied"
  awk 'NR == FNR { size[$2] = $1; next } !($2 in size) || size[$2] < $1 { print $2; bad = 1 } END { exit bad }' \
    "$lists/copied" "$lists/there" >"$lists/short"
}

# What has to stand still for one moment: every record about messages, and which folders there are.
picture() { # <workstreams dir> <trash>
  logs "$1" workstream sessions
  (cd "$1" && ls) # hidden ones are not workstreams
  if [ -d "$2" ]; then (cd "$2" && ls); fi
}

is_still=no
is_whole=no
for round in 1 2 3 4 5 6 7 8 9 10; do
  # Purged meanwhile: now it lies in the trash.
  (cd "$copy/workstreams" && ls) | while read -r id; do
    [ -d "$workstreams/$id" ] || rm -rf "${copy:?}/workstreams/$id"
  done
  rm -rf "$copy/trash"
  picture "$workstreams" "$trash" >"$lists/before"
  is_whole=no
  # In the order in which a commit writes them; all records about messages before the first message.
  if copy_logs workstream && copy_logs sessions && copy_logs messages; then is_whole=yes; fi
  if [ -d "$trash" ]; then
    mkdir "$copy/trash"
    (cd "$trash" && find . -path './.?*' -prune -o -type f -print >"$lists/wanted")
    (cd "$trash" && tar -cf - -T "$lists/wanted" 2>"$lists/said") | (cd "$copy/trash" && tar -xf -)
  fi
  picture "$workstreams" "$trash" >"$lists/after"
  if [ $is_whole = yes ] && cmp -s "$lists/before" "$lists/after"; then is_still=yes && break; fi
done
[ $is_whole = yes ] || fail "these could not be read whole: $(tr '\n' ' ' <"$lists/short") $(cat "$lists/said")"
[ $is_still = yes ] || say "sessions began or turns ended all the time: some messages may name a session that is not in the copy"

if [ -d "$data/quarantine" ]; then cp -Rp "$data/quarantine" "$copy/quarantine"; fi

# What stands after the last LF was not acknowledged: its append was under way, or had failed.
find "$copy/workstreams" -type f -name '*.jsonl' -size +0 | while read -r log; do
  [ "$(tail -c 1 "$log" | tr '\n' L)" = L ] && continue
  torn=$(tail -n 1 "$log" | wc -c)
  head -c "$(($(wc -c <"$log") - torn))" "$log" >"$log.whole"
  mv "$log.whole" "$log"
  say "left out $((torn)) bytes of an unfinished line of $log"
done

(cd "$copy" && find . -type f ! -name CHECKSUMS -exec cksum {} + | sort >"$lists/sums" && mv "$lists/sums" CHECKSUMS)
sync
mv "$copy" "$made"
sync
printf '%s\n' "$made"
