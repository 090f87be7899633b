#!/bin/sh
# with-keyring.sh COMMAND...: runs COMMAND with a session bus and an unlocked gnome-keyring of its own, and passes its exit
# code on. Neither survives: the keyring's daemon runs in the foreground as our child and is ended by its process id.
# KEYRING=locked starts the daemon without unlocking; KEYRING=none starts the bus alone.
set -u
folder=$(mktemp -d) || exit 97
trap 'rm -rf "$folder"' EXIT
mkdir -p -m 700 "$folder/home/.local/share/keyrings" "$folder/run/keyring"
chmod 700 "$folder/run"
env -u DISPLAY -u WAYLAND_DISPLAY HOME="$folder/home" XDG_DATA_HOME="$folder/home/.local/share" XDG_CACHE_HOME="$folder/home/.cache" \
  XDG_CONFIG_HOME="$folder/home/.config" XDG_RUNTIME_DIR="$folder/run" GNOME_KEYRING_CONTROL="$folder/run/keyring" \
  dbus-run-session -- sh -c '
    daemon=
    case ${KEYRING:-unlocked} in
      unlocked) printf secret | gnome-keyring-daemon --foreground --unlock --components=secrets --control-directory="$GNOME_KEYRING_CONTROL" >/dev/null 2>&1 & daemon=$! ;;
      locked) gnome-keyring-daemon --foreground --components=secrets --control-directory="$GNOME_KEYRING_CONTROL" </dev/null >/dev/null 2>&1 & daemon=$! ;;
    esac
    if [ -n "$daemon" ]; then
      tries=0
      until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.secrets 2>/dev/null | grep -q "boolean true"; do
        tries=$((tries + 1))
        [ "$tries" -le 200 ] || { echo "the keyring did not start" >&2; kill "$daemon"; exit 97; }
        sleep 0.05
      done
    fi
    "$@"
    code=$?
    if [ -n "$daemon" ]; then kill "$daemon" 2>/dev/null; wait "$daemon" 2>/dev/null; fi
    exit $code' sh "$@"
