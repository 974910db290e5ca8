"""Check the fixtures; exit code 1 if anything is wrong with them.

    python training/check_fixtures.py [--real FILE.jsonl]

Wrong are: a row that does not fit the schema, an id or text that stands twice, near-duplicates across
splits, a file whose SHA-256 differs from fixtures/provenance.json, and with --real any run of twelve words
that the real text has too. Reported: over-used openings and phrases, and how well labels can be told without
reading the words. --update-provenance records the present files.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from stancekit.artifact import sha256_of
from stancekit.errors import InputError
from stancetrain import checks
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, KINDS, Fixture, read_fixtures
from stancetrain.suites import read_cases

PROVENANCE = "provenance.json"
SET_PHRASES = "set_phrases.txt"


def fixture_files(root: Path) -> list[Path]:
    return sorted(path for kind in (*KINDS, "suites", "articles") for path in (root / kind).glob("*.jsonl"))


def provenance_problems(root: Path) -> list[str]:
    recorded = json.loads((root / PROVENANCE).read_text(encoding="utf-8"))["files"]
    present = {path.relative_to(root).as_posix(): path for path in fixture_files(root)}
    problems = [f"{name}: in {PROVENANCE} but missing" for name in sorted(recorded.keys() - present.keys())]
    for name, path in present.items():
        if name not in recorded:
            problems.append(f"{name}: not in {PROVENANCE}; record its origin there")
        elif recorded[name]["sha256"] != sha256_of(path):
            problems.append(
                f"{name}: its SHA-256 differs from {PROVENANCE}; after a wanted change run with --update-provenance"
            )
    return problems


def update_provenance(root: Path) -> None:
    path = root / PROVENANCE
    record = json.loads(path.read_text(encoding="utf-8"))
    recorded, record["files"] = record["files"], {}
    for file in fixture_files(root):
        name = file.relative_to(root).as_posix()
        entry = record["files"][name] = recorded.get(name, {"origin": ""})
        entry["rows"] = file.read_bytes().count(b"\n")
        entry["sha256"] = sha256_of(file)
    record["files"] = dict(sorted(record["files"].items()))
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def report(everything: list[Fixture]) -> None:
    """Print what is not wrong but worth watching."""
    for kind in KINDS:
        rows = [f for f in everything if f.kind == kind]
        shares = checks.label_shares(rows)
        count = ", ".join(f"{label} {n}" for label, n in sorted(shares.items()))
        unlabelled = len(rows) - shares.total()
        print(f"{kind}: {len({f.row.group for f in rows})} groups, {len(rows)} rows ({count}; no label {unlabelled})")
    documents = [f for f in everything if f.kind == "documents"]
    differing = sum(t.label != f.row.label for f in everything if f.row.label for t in f.row.targets)
    often = max(5, len(documents) // 400)
    openings = checks.overused(documents, checks.OPENING_WORDS, often, openings=True)
    phrases = checks.overused(documents, checks.PHRASE_WORDS, often, openings=False)
    leaked = checks.leakage([f for f in documents if f.row.label])
    print(f"(sentence, target) pairs whose stance differs from the sentence's: {differing}")
    print(f"near-duplicates among the documents: {len(checks.near_duplicates(documents, across_splits_only=False))}")
    print(f"over-used openings: {', '.join(f'{text} ({n})' for text, n in openings[:10]) or 'none'}")
    print(f"over-used phrases: {', '.join(f'{text} ({n})' for text, n in phrases[:10]) or 'none'}")
    print(f"labels told without the words (macro-F1, documents): {leaked:.3f}")


def article_texts(root: Path) -> list[tuple[str, str]]:
    """File and line of each coded article, and its text."""
    return [
        (f"{path}:{line}", text)
        for path in sorted((root / "articles").glob("*.jsonl"))
        for line, text in enumerate(read_texts(path), 1)
    ]


def read_texts(path: Path) -> list[str]:
    try:
        return [json.loads(line)["text"] for line in path.read_bytes().splitlines()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: expected JSON Lines with a field 'text' ({error})") from error


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--real", type=Path, help="JSON Lines of real text that no fixture may share a passage with")
    parser.add_argument("--update-provenance", action="store_true")
    options = parser.parse_args(argv)
    root = options.fixtures
    if options.update_provenance:
        update_provenance(root)
    everything = read_fixtures(root, labelled=False)

    problems = provenance_problems(root)
    problems += checks.repeated_ids(everything)
    problems += checks.duplicates(everything)
    problems += checks.near_duplicates(everything, across_splits_only=True)
    if options.real:
        phrases = (root / SET_PHRASES).read_text(encoding="utf-8").splitlines()
        texts = [(checks.place(f), f.row.text) for f in everything] + article_texts(root)
        problems += checks.overlaps(texts, read_texts(options.real), [p for p in phrases if p and p[0] != "#"])
    problems += checks.suite_overlaps(everything, [case.text for case in read_cases(root / "suites")])
    report(everything)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problems" if problems else "no problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(run(main))
