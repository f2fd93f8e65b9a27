"""Anomalies planted in a made table of payments: how many alarm, and whether the explanation names their columns.

    python benchmarks/planted.py [--rows N] [--seeds N] [--scorer NAME ...] [--write]

Payments of a bank are drawn: a country and the currency that follows from it, a channel, a product that some
channels do not sell, a merchant, a balance before and after (after = before - amount), the amount in euro and in
local currency (local = euro x rate), a tip that depends on the amount loosely, an age and an hour. One in a hundred
of other rows gets one anomaly:

- value: a merchant never seen;          - pair: a product in a channel that never sells it;
- currency: that of another country;     - after: not before - amount;
- local: not euro x rate;                - number: an age far outside.

The detector is fitted on normal rows and set to a promised rate of 1 %. "drifted" draws the rows that are scored a year
later: amounts and rates have risen, merchants shifted. AUROC is that of all planted anomalies together.
"""

from __future__ import annotations

import argparse
import datetime
import platform

import numpy as np
import torch
from results_file import write_section

from explorer import novelty
from explorer.data.memory_rows import CellRows
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.fitting import DEFAULT_SCORER
from explorer.novelty.inputs import TableInput
from explorer.novelty.table_fitting import fit_table

RATE, PLANTED = 0.01, 0.01
COUNTRIES = {"AT": "EUR", "CH": "CHF", "CZ": "CZK", "DE": "EUR", "DK": "DKK", "FR": "EUR", "GB": "GBP", "PL": "PLN"}
RATES = {"EUR": 1.0, "CHF": 0.94, "CZK": 25.1, "DKK": 7.46, "GBP": 0.84, "PLN": 4.3}
CHANNELS, PRODUCTS = ("app", "branch", "phone", "web"), ("card", "loan", "saving", "transfer", "travel")
NEVER = {("app", "loan"), ("phone", "travel"), ("web", "saving")}
RULES = {
    "after": {"before", "amount", "after"},
    "local": {"euro", "rate", "local"},
    "currency": {"country", "currency"},
}
COLUMNS = {"value": {"merchant"}, "pair": {"channel", "product"}, "number": {"age"}, **RULES}

Table = dict[str, np.ndarray]


def payments(n: int, random: np.random.Generator, drifted: bool = False) -> Table:
    """Normal rows: text and numbers, (n,) each."""
    country = random.choice(list(COUNTRIES), n, p=[0.1, 0.25, 0.05, 0.3, 0.05, 0.1, 0.1, 0.05])
    currency = np.array([COUNTRIES[c] for c in country])
    channel = random.choice(CHANNELS, n, p=[0.4, 0.2, 0.1, 0.3])
    product = random.choice(PRODUCTS, n)
    while (never := np.array([pair in NEVER for pair in zip(channel, product, strict=True)])).any():
        product[never] = random.choice(PRODUCTS, int(never.sum()))
    shares = 1 / np.arange(1, 31)
    merchant = random.choice([f"shop {i}" for i in range(30)], n, p=np.roll(shares, 3 * drifted) / shares.sum())
    amount = np.round(random.lognormal(3.5 + 0.3 * drifted, 1.0, n), 2)
    before = np.round(amount + random.lognormal(6, 1.2, n), 2)
    euro = np.round(random.lognormal(3 + 0.3 * drifted, 0.8, n), 2)
    rate = np.array([RATES[c] for c in currency]) * np.exp(random.normal(0.1 * drifted, 0.03, n))
    rate = np.where(currency == "EUR", 1.0, np.round(rate, 4))
    return {
        "country": country,
        "currency": currency,
        "channel": channel,
        "product": product,
        "merchant": merchant,
        "before": before,
        "amount": amount,
        "after": np.round(before - amount, 2),
        "euro": euro,
        "rate": rate,
        "local": np.round(euro * rate, 2),
        "tip": np.round(amount * random.uniform(0, 0.15, n), 2),
        "age": np.round(random.normal(42 + 2 * drifted, 12, n).clip(18, 95)),
        "hour": np.round(random.normal(14, 4, n).clip(0, 23)),
    }


def plant(rows: Table, kind: str, chosen: np.ndarray, random: np.random.Generator) -> Table:
    """The rows with an anomaly in the chosen ones."""
    rows = {name: values.copy() for name, values in rows.items()}
    n = len(chosen)
    if kind == "value":
        rows["merchant"] = rows["merchant"].astype(object)
        rows["merchant"][chosen] = [f"kiosk {i}" for i in random.integers(1000, size=n)]
    elif kind == "pair":
        pairs = sorted(NEVER)
        picked = [pairs[i] for i in random.integers(len(pairs), size=n)]
        rows["channel"][chosen], rows["product"][chosen] = (list(part) for part in zip(*picked, strict=True))
    elif kind == "currency":
        others = [[c for c in RATES if c != own] for own in rows["currency"][chosen]]
        rows["currency"][chosen] = [random.choice(names) for names in others]
    elif kind == "after":
        rows["after"][chosen] = np.round(rows["after"][chosen] + rows["amount"][chosen] * random.uniform(0.2, 2, n), 2)
    elif kind == "local":
        rows["local"][chosen] = np.round(rows["local"][chosen] * random.choice([0.7, 0.8, 1.25, 1.5], n), 2)
    else:
        rows["age"][chosen] = random.uniform(150, 200, n).round()
    return rows


def cells(rows: Table) -> dict[str, Cells]:
    """The rows as a file has them."""
    return {name: v if v.dtype.kind == "f" else [str(value) for value in v] for name, v in rows.items()}


def figures(scorer: str, rows: int, seed: int, drifted: bool) -> dict[str, tuple[float, float]]:
    """Of each kind the share that alarms, and whose columns are named; the rate of false alarms; the AUROC."""
    random = np.random.default_rng(1000 + seed)
    normal = cells(payments(rows, random))
    detector = fit_table(TableInput("payments", CellRows(normal, "payments")), (), None, scorer, seed)
    limit = detector.threshold(RATE).value
    new = payments(rows, random, drifted)
    ordinary = detector.score(detector.encode(cells(new)))
    answer, planted = {"false alarms": (float((ordinary > limit).mean()), np.nan)}, []
    for kind, columns in COLUMNS.items():
        chosen = random.permutation(rows)[: max(1, round(PLANTED * rows))]
        x = detector.encode(cells({k: v[chosen] for k, v in plant(new, kind, chosen, random).items()}))
        scores = detector.score(x)
        planted.append(scores)
        answer[kind] = float((scores > limit).mean()), _named(detector, x, columns, 3 if kind in RULES else 1)
    novel = np.concatenate(planted)
    is_novel = np.arange(len(ordinary) + len(novel)) >= len(ordinary)
    area = novelty.auroc(np.concatenate([ordinary, novel]), is_novel).value
    return answer | {"AUROC": (area, np.nan)}


def _named(detector: Detector, x: np.ndarray, columns: set[str], first: int) -> float:
    """How often the planted column comes first, or those of a relation are among the first three."""
    parts = detector.contributions(x)
    if parts is None or detector.card.encoding is None:
        return np.nan
    names = detector.card.encoding.names
    top = [[names[c] for c in order[:first]] for order in np.argsort(-parts, axis=1, kind="stable")]
    return float(np.mean([set(some) <= columns or columns <= set(some) for some in top]))


def table(scorers: list[str], rows: int, seeds: int) -> list[str]:
    """Rows: kinds; columns: scores, as drawn and drifted."""
    columns = [(scorer, drifted) for scorer in scorers for drifted in (False, True)]
    means = {}
    for scorer, drifted in columns:
        runs = [figures(scorer, rows, seed, drifted) for seed in range(seeds)]
        means[scorer, drifted] = {kind: np.mean([run[kind] for run in runs], axis=0) for kind in runs[0]}
        print(
            scorer,
            "drifted" if drifted else "",
            {k: np.round(100 * v, 1).tolist() for k, v in means[scorer, drifted].items()},
            flush=True,
        )
    head = [f"{scorer}{', drifted' if drifted else ''}" for scorer, drifted in columns]
    lines = ["| | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
    for kind in means[columns[0]]:
        said = [_said(*(100 * means[column][kind])) for column in columns]
        lines.append(f"| {kind} | " + " | ".join(said) + " |")
    return lines


def _said(alarms: float, named: float) -> str:
    return f"{alarms:.1f}" if np.isnan(named) else f"{alarms:.0f} (named {named:.0f})"


def main() -> None:
    """Print the table, and put it into docs/results.md where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--scorer", nargs="*", default=[DEFAULT_SCORER, "knn"])
    parser.add_argument("--write", action="store_true", help="replace the table in docs/results.md")
    args = parser.parse_args()
    torch.set_num_threads(1)
    machine = f"Measured {datetime.date.today()} on {platform.machine()}, CPU, one thread, torch {torch.__version__}."
    lines = [*table(args.scorer, args.rows, args.seeds), "", machine]
    print("\n".join(lines), flush=True)
    if args.write:
        write_section("benchmarks/planted.py", lines)


if __name__ == "__main__":
    main()
