#!/usr/bin/env bash
# Measures TensorCell beside its peers and prints a table.
#
# usage: benchmarks/run.sh SUITE... [--json FILE] [--only TEXT] [--quick]; --help lists the suites. Peers: benchmarks/setup.sh
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
project=$root/benchmarks/TensorCell.Benchmarks
dotnet build "$project" -c Release -v quiet --nologo >&2
TENSORCELL_BENCHMARKS=$root/benchmarks exec dotnet "$project/bin/Release/net10.0/TensorCell.Benchmarks.dll" "$@"
