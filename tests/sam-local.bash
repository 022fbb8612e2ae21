# What tests/sam-local and tests/readme-sam-local know of Docker and of SAM. To be sourced.

# The engine's architecture, as SAM calls it.
architecture() {
  case $(docker info --format '{{.Architecture}}' 2>/dev/null || uname -m) in
    aarch64 | arm64) echo arm64 ;;
    *) echo x86_64 ;;
  esac
}

# The image that SAM asks for, by SAM's own code.
image_of_lambda() {
  python3 - "$(architecture)" <<'PYTHON'
import sys

from samcli.local.docker.lambda_image import LambdaImage, Runtime

print(f"{LambdaImage._INVOKE_REPO_PREFIX}/{Runtime.get_image_name_tag('provided.al2023', sys.argv[1])}")
PYTHON
}

# The address at which containers reach this machine; nothing where host.docker.internal leads them to its loopback
# address, as in Docker Desktop. An engine that made its bridge and was not restarted since does not tell the bridge's
# gateway (https://github.com/moby/moby/issues/26799). It is the first host of the subnet then.
bridge() {
  [ "$(uname -s)" = Linux ] && [ "$(docker info --format '{{.OperatingSystem}}')" != "Docker Desktop" ] || return 0
  docker network inspect bridge --format '{{range .IPAM.Config}}{{println (or .Gateway .Subnet)}}{{end}}' |
    python3 -c '
import ipaddress, sys

for line in filter(None, map(str.strip, sys.stdin)):
    network = ipaddress.ip_network(line, strict=False)
    if network.version == 4:
        print(next(network.hosts()))
        break'
}

# An address of this machine, as containers call it.
for_containers() {
  echo "http://host.docker.internal:${1##*:}"
}

# The port among the arguments of start-api.
port_among() {
  local port=3000
  while [ $# -gt 0 ]; do
    case $1 in
      -p | --port) port=${2-} ;;
      --port=*) port=${1#*=} ;;
    esac
    shift
  done
  echo "$port"
}
