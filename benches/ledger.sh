#!/usr/bin/env bash
# The benefit ledger of a generated world, night after night, against balances that DuckDB reckons from its inputs.
# Needs a build, and Python 3.11 or newer with the duckdb package. Exit 1: a balance is another one.
#
#     cargo build --release && benches/ledger.sh [EMPLOYEES] [PERIODS] [SEED] [FOLDER]
#
# An even seed is paid monthly, an odd one every two weeks. TIEOUT and PYTHON name other programs than the usual ones.
set -euo pipefail
cd "$(dirname "$0")/.."
employees=${1:-42000}
periods=${2:-24}
seed=${3:-2}
out=${4:-target/ledger-$seed}
tieout=${TIEOUT:-target/release/tieout}

world=(--employees "$employees" --periods "$periods" --seed "$seed" --out "$out")
[ -f "$out/truth.json" ] || "$tieout" world generate "${world[@]}" > /dev/null
rm -rf "$out/state" "$out/reports"
for night in "$out"/nights/*; do
  as_of=$(sed -n 's/^clock = "\(.\{10\}\).*/\1/p' "$night/job.toml")
  "$tieout" snapshot import "$night/job.toml" --world "$night/world" --as-of "$as_of" > /dev/null
  code=0
  "$tieout" run "$night/job.toml" --offline --as-of "$as_of" > "$out/run.txt" 2>&1 || code=$?
  case $code in
    # Clean, alarms, something unverified, a guard that stopped the queue: the report is there.
    0 | 1 | 3 | 8) ;;
    *) cat "$out/run.txt" >&2 && exit "$code" ;;
  esac
done
"${PYTHON:-python3}" benches/duckdb/ledger.py "$out"
