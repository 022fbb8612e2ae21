# Source this file. It starts MiniStack on a free port, which MiniStack cannot choose itself.

ministack=

# Prints a port that is free at the moment.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts MiniStack, and waits until it is ready: `start_ministack PROGRAM LOG`. Sets `ministack` to its process and
# `ministack_port` to its port. If another program takes the port before MiniStack binds it, MiniStack exits, and the
# function tries another port.
start_ministack() {
  local program=$1 log=$2 attempt
  for attempt in {1..20}; do
    ministack_port=$(free_port)
    # Empties the log here, because the background shell may do it only after the first look at the log.
    : >"$log"
    BIND_HOST=127.0.0.1 GATEWAY_PORT=$ministack_port AWS_ENDPOINT_URL=http://127.0.0.1:$ministack_port \
      "$program" >>"$log" 2>&1 &
    ministack=$!
    until grep -q "Running on" "$log"; do
      if ! kill -0 "$ministack" 2>/dev/null; then
        wait "$ministack" 2>/dev/null || true
        ministack=
        grep -qi "already in use" "$log" || return 1
        continue 2
      fi
      sleep 0.1
    done
    return 0
  done
  return 1
}

stop_ministack() {
  [ -n "$ministack" ] || return 0
  kill "$ministack" 2>/dev/null || true
  wait "$ministack" 2>/dev/null || true
}
