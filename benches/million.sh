#!/usr/bin/env bash
# The whole process on a generated world, beside what a user would script instead in DuckDB. Needs a release build, GNU
# time and, for the comparison, Python with the duckdb package.
#
#     cargo build --release && benches/million.sh [EMPLOYEES] [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
employees=${1:-1000000}
out=${2:-target/million}
tieout=target/release/tieout

timed() { /usr/bin/time -f '%e s, %M KiB peak' "$@" > /dev/null; }

[ -f "$out/job.toml" ] || "$tieout" world generate --employees "$employees" --engagements 0 --seed 1 --out "$out"
"$tieout" snapshot import "$out/job.toml" --world "$out/world_at_cutoff" --as-of 2026-03-31
"$tieout" snapshot import "$out/job.toml" --world "$out/world"
echo "tieout run --offline, first night (takes in the opening ledger), then three more:"
# A person is asked for (exit 3): the world has answers that could not be read.
for _ in 1 2 3 4; do timed "$tieout" run "$out/job.toml" --offline || [ $? -eq 3 ]; done

if python3 -c 'import duckdb' 2> /dev/null; then
  python3 benches/duckdb/prepare.py "$out"
  echo "DuckDB script, three times:"
  for _ in 1 2 3; do timed python3 benches/duckdb/differences.py "$out"; done
fi
