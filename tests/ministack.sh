# To be sourced: starts MiniStack, which insists on being told its port.

ministack=

# A port that nobody has at this moment.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts MiniStack, waits until it can be used, and leaves its process in `ministack` and its port in `ministack_port`:
# `start_ministack PROGRAM LOG`. Somebody may take a port between the moment at which it is found free and the one at which
# MiniStack binds it. MiniStack says so and ends, and another port is tried.
start_ministack() {
  local program=$1 log=$2 attempt
  for attempt in {1..20}; do
    ministack_port=$(free_port)
    # Here, and not by MiniStack's shell, which may only come to it after the log is looked at.
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
