#!/bin/sh
# Stops what a process started when that process ends, however it ends (kill -9 included), and removes its temporary
# directories. Its standard input is a pipe held by that process; end of file means it is gone. One order a line:
#   child PID SIGNAL     stop this process at the end, with this signal
#   gone PID             it has ended already: its number may belong to another process by now
#   frozen PID           let this process go on at the end, before any is stopped
#   remove DIRECTORY     remove this directory at the end
children=
while read -r order rest; do
  case $order in
    child) children="$rest
$children" ;;
    gone) children=$(printf '%s\n' "$children" | grep -v "^$rest ") ;;
    frozen) frozen="$frozen $rest" ;;
    remove) directories="$directories$rest
" ;;
  esac
done

# Orphans whose new parent does not collect them stay as zombies: they have ended as well.
alive() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

for pid in $frozen; do kill -s CONT "$pid" 2>/dev/null; done

# Latest first: services before the broker and the database that they need.
printf '%s\n' "$children" | while read -r pid signal; do
  [ -n "$pid" ] && kill -s "$signal" "$pid" 2>/dev/null || continue
  tenths=0
  while alive "$pid" && [ "$tenths" -lt 150 ]; do
    tenths=$((tenths + 1))
    sleep 0.1
  done
  kill -s KILL "$pid" 2>/dev/null
done

printf '%s' "$directories" | while read -r directory; do rm -rf "$directory"; done
