# Functions of tests/sam-local and tests/readme-sam-local about Docker and SAM. Source this file.

# Prints the engine's architecture by SAM's name.
architecture() {
  case $(docker info --format '{{.Architecture}}' 2>/dev/null || uname -m) in
    aarch64 | arm64) echo arm64 ;;
    *) echo x86_64 ;;
  esac
}

# Prints the name of SAM's image, from SAM's own code.
image_of_lambda() {
  python3 - "$(architecture)" <<'PYTHON'
import sys

from samcli.local.docker.lambda_image import LambdaImage, Runtime

print(f"{LambdaImage._INVOKE_REPO_PREFIX}/{Runtime.get_image_name_tag('provided.al2023', sys.argv[1])}")
PYTHON
}

# Prints the address at which containers reach this machine. Prints nothing if host.docker.internal is its loopback
# address, as in Docker Desktop. An engine that has not restarted since it created its bridge does not know the bridge's
# gateway (https://github.com/moby/moby/issues/26799). The gateway is then the first host of the subnet.
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

# Prints an address of this machine as containers reach it.
for_containers() {
  echo "http://host.docker.internal:${1##*:}"
}

# Prints the port in the arguments of start-api.
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
