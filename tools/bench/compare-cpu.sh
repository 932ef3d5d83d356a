#!/usr/bin/env bash
# Times one loss+gradient evaluation (VGG-19 to conv5_1) of this program and of PyTorch, in turn, on this machine.
#
#   tools/bench/compare-cpu.sh [SIZE…]         default: 256 512 1024
#
# THREADS="1 2"  numbers of threads (default: 1 and all)     ROUNDS=3  how often the two take turns
# PEER=FILE      the peer script (default: beside the checkout)   PEER_PYTHON=python3  an interpreter that has torch
# Prints a table of medians and, last, one line of JSON. PyTorch runs with jemalloc where that is installed, in both of the
# script's layouts; the faster one counts.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
sizes=("$@"); [ ${#sizes[@]} -gt 0 ] || sizes=(256 512 1024)
read -ra threads <<<"${THREADS:-1 $(nproc)}"
rounds=${ROUNDS:-3}
peer=${PEER:-$root/../shared/peers/torch_eval.py}
python=${PEER_PYTHON:-}
for candidate in /usr/bin/python3 python3; do
  [ -n "$python" ] || ! "$candidate" -c 'import torch' 2>/dev/null || python=$candidate
done
[ -n "$python" ] || { echo "no python3 with torch; on Debian: apt-get install python3-torch libjemalloc2 libopenblas0" >&2; exit 1; }
[ -f "$peer" ] || { echo "no peer script at $peer; name one with PEER=FILE" >&2; exit 1; }
jemalloc=$(ldconfig -p | sed -n 's/.*libjemalloc\.so\.2 .*=> //p' | head -n 1)
ldconfig -p | grep -q libopenblas || echo "note: no libopenblas, PyTorch multiplies matrices with the slow reference BLAS; install libopenblas0" >&2
[ -n "$jemalloc" ] || echo "note: no libjemalloc.so.2, PyTorch is not at its best" >&2

# No build server stays behind: it would take time from what is measured.
dotnet build -c Release -v quiet -p:UseSharedCompilation=false -nodeReuse:false "$root/tools/bench/Bench.csproj" >&2
bench=$root/tools/bench/bin/Release/net10.0/GatysGpu.Bench.dll
log=$(mktemp); trap 'rm -f "$log"' EXIT
for size in "${sizes[@]}"; do
  for t in "${threads[@]}"; do
    for _ in $(seq "$rounds"); do
      echo "ours $(dotnet "$bench" evaluate --size "$size" --threads "$t" --runs 5)" >>"$log"
      for layout in contiguous channels_last; do
        echo "peer $(LD_PRELOAD=$jemalloc OMP_NUM_THREADS=$t "$python" "$peer" --size "$size" --threads "$t" --runs 5 --layout $layout)" >>"$log"
      done
    done
  done
done
"$python" - "$log" <<'PY'
import json, statistics, sys
runs = [(line.split(' ', 1)[0], json.loads(line.split(' ', 1)[1])) for line in open(sys.argv[1])]
rows = []
for key in dict.fromkeys((r['size'], r['threads']) for _, r in runs):
    side = lambda who, layout=None: [r for w, r in runs if w == who and (r['size'], r['threads']) == key and r.get('layout') == layout]
    best = min((side('peer', l) for l in ('contiguous', 'channels_last')), key=lambda rs: statistics.median(r['median_s'] for r in rs))
    median = lambda rs, field: statistics.median(r[field] for r in rs)
    ours, theirs = median(side('ours'), 'median_s'), median(best, 'median_s')
    ours_mib, theirs_mib = median(side('ours'), 'peak_mib'), median(best, 'peak_mib')
    rows.append(dict(size=key[0], threads=key[1], ours_s=round(ours, 4), peer_s=round(theirs, 4), time_ratio=round(ours / theirs, 3),
                     ours_mib=round(ours_mib, 1), peer_mib=round(theirs_mib, 1), memory_ratio=round(ours_mib / theirs_mib, 3)))
print(f"{'size':>5} {'threads':>7} {'ours s':>8} {'peer s':>8} {'ratio':>6} {'ours MiB':>9} {'peer MiB':>9} {'ratio':>6}")
for r in rows:
    print(f"{r['size']:5} {r['threads']:7} {r['ours_s']:8.3f} {r['peer_s']:8.3f} {r['time_ratio']:6.2f} {r['ours_mib']:9.0f} {r['peer_mib']:9.0f} {r['memory_ratio']:6.2f}")
print(json.dumps(rows))
PY
