#!/usr/bin/env bash
# Installs what the tests need (only what is missing), builds the solution once, runs every test project and ends with one
# line: N passed, N failed, N skipped. Tests whose client cannot be installed are skipped with a reason.
#
# usage: tests/run.sh [--long] [PROJECT …]
#   --long     also the long fuzzing runs, marked [Trait("Category", "Long")]
#   PROJECT    only these test projects, by their room: Kernels, Tensors, Data, Interactive, Jupyter
set -uo pipefail
cd "$(dirname "$0")/.."

packages=(
    python3 python3-jupyter-client python3-nbclient python3-notebook python3-zmq python3-numpy # Jupyter's own clients
    python3-onnx                                                                              # the reference implementation of ONNX
    chromium fonts-dejavu-core                                                                # a browser that can draw text
)
project_limit=600 # seconds, after which a test host counts as hung

long=false
rooms=()
failures=()
for argument in "$@"; do
    case $argument in
        --long)
            long=true project_limit=7200
            packages+=(python3-numba python3-torch gcc libc6-dev) # what notebooks and optimizers are compared with
            ;;
        -h | --help)
            sed -n '2,7s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        -*)
            echo "tests/run.sh: unknown option $argument; try --help" >&2
            exit 2
            ;;
        *) rooms+=("$argument") ;;
    esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
export LC_ALL=C.UTF-8

say() { printf '\n== %s\n' "$*"; }

install_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
        echo "no apt here: tests that need a missing client will be skipped"
        return
    fi
    local missing=() package
    for package in "${packages[@]}"; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
    done
    if ((${#missing[@]} == 0)); then
        echo "all installed: ${packages[*]}"
        return
    fi
    local as_root=()
    if ((EUID != 0)); then
        if ! sudo -n true 2>/dev/null; then
            echo "neither root nor sudo without a password: not installing ${missing[*]}; tests that need them will be skipped"
            return
        fi
        as_root=(sudo -n)
    fi
    echo "installing ${missing[*]}"
    local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    "${install[@]}" "${missing[@]}" </dev/null >/dev/null 2>&1 && return
    "${as_root[@]}" apt-get update -qq </dev/null
    "${install[@]}" "${missing[@]}" </dev/null >/dev/null && return
    for package in "${missing[@]}"; do # so that one package that is not to be had does not keep the others away
        "${install[@]}" "$package" </dev/null >/dev/null || echo "not installed: $package; tests that need it will be skipped"
    done
}

finish() { # passed failed skipped
    if ((${#failures[@]} > 0)); then
        say "what failed"
        printf '%s\n' "${failures[@]}"
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "$1" "$2" "$3"
    (($2 == 0))
    exit
}

say "clients from Debian's packages"
install_packages

say "building Extension.sln"
if ! dotnet build Extension.sln -c Release -v quiet --nologo </dev/null; then
    echo "the build failed" >&2
    finish 0 1 0
fi

passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
limit=()
command -v timeout >/dev/null && limit=(timeout --kill-after=10 "$project_limit")
options=(-noLogo -longRunning 60)
[[ -t 1 ]] || options+=(-noColor)
$long || options+=(-trait- Category=Long)

for project in tests/*/*.Tests.csproj; do
    name=$(basename "$project" .csproj)
    if ((${#rooms[@]} > 0)); then
        room=${name#TensorCell.}
        [[ " ${rooms[*]} " == *" ${room%.Tests} "* ]] || continue
    fi
    say "$name"
    "${limit[@]}" dotnet "tests/$name/bin/Release/net10.0/$name.dll" "${options[@]}" </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    sed -i 's/\x1b\[[0-9;]*m//g' "$log"
    summary=$(grep -E '^ +[^ ]+ +Total: [0-9]+' "$log" | tail -1)
    mapfile -t -O "${#failures[@]}" failures < <(sed -nE 's/^ +(.*) \[FAIL\]$/\1/p' "$log")
    count() { sed -nE "s/.* $1: ([0-9]+).*/\1/p" <<<"$summary" | grep . || echo 0; }
    skips=$(count Skipped)
    bad=$(($(count Errors) + $(count Failed)))
    good=$(($(count Total) - $(count Failed) - skips - $(count 'Not Run')))
    if [[ -z $summary ]] || ((status != 0 && bad == 0)); then
        case $status in
            124 | 137) failures+=("$name: stopped after $project_limit s without finishing") ;;
            *) failures+=("$name: the test host ended early, with exit code $status") ;;
        esac
        echo "${failures[-1]}"
        bad=$((bad + 1))
    fi
    failed=$((failed + bad))
    skipped=$((skipped + skips))
    passed=$((passed + good))
done

finish "$passed" "$failed" "$skipped"
