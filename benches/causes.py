"""Holds the findings of every night of a world over several periods against the cause that the generator planted and
labelled: how many were told as what they are, as something else beside it, as something else, or not at all.
`benches/ledger.sh` makes the world and runs its nights.

    python benches/causes.py WORLD_DIR

A label is right where the findings of that employee and benefit have its codes and, together, its exposure. Exit 1: a label
is wrong or not told, or a finding has no label.
"""

import collections
import csv
import decimal
import json
import pathlib
import sys
import tomllib

root = pathlib.Path(sys.argv[1])
tally = collections.defaultdict(collections.Counter)
examples = []


def told_on(night):
    """Codes and exposure by employee and benefit; a finding of a person has no benefit."""
    job = tomllib.loads((root / night["folder"] / "job.toml").read_text())
    told = collections.defaultdict(lambda: (set(), decimal.Decimal()))
    with open(root / "reports" / job["name"] / night["as_of"] / "exceptions.csv", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            key = (row["employee_id"], row["benefit"])
            codes, exposure = told[key]
            told[key] = (codes | {row["code"]}, exposure + decimal.Decimal(row["exposure_to_date"] or 0))
    return told


def verdict(label, codes, exposure):
    if not codes:
        return "not told"
    if not codes & set(label["codes"]):
        return "wrong"
    if codes - set(label["codes"]):
        return "A or B"
    return "right" if exposure == decimal.Decimal(label["exposure"]) else "wrong amount"


for night in json.loads((root / "truth.json").read_text())["nights"]:
    told = told_on(night)
    for label in night["findings"]:
        codes, exposure = told.pop((label["employee_id"], label["benefit"]), (set(), decimal.Decimal()))
        ended = verdict(label, codes, exposure)
        tally[label["cause"]][ended] += 1
        if ended != "right":
            examples.append((night["as_of"], label["employee_id"], label["cause"], sorted(codes), str(exposure)))
    for (employee, benefit), (codes, exposure) in told.items():
        tally["nothing was planted"]["wrong"] += 1
        examples.append((night["as_of"], employee, benefit, sorted(codes), str(exposure)))

for cause, verdicts in sorted(tally.items()):
    print(f"{cause}: {dict(verdicts)}")
total = sum(tally.values(), collections.Counter())
print(f"all {total.total()}: {dict(total)}")
for example in examples[:10]:
    print(*example)
sys.exit(any(name != "right" for name in total))
