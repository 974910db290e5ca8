"""Stance of foreign-policy statements: endorsement, concern or neutrality.

Names are imported on first use (PEP 562), so that ``import stancekit`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stancekit.analysis.analyze import Article, analyze, analyze_many
    from stancekit.analysis.article import Analysis
    from stancekit.analysis.article_files import analyze_file
    from stancekit.analysis.dsl_export import export_dsl
    from stancekit.analysis.dyads import DyadTable, dyads
    from stancekit.analysis.explanation import Explanation
    from stancekit.analysis.gazetteer import Gazetteer
    from stancekit.analysis.prevalence import prevalence
    from stancekit.analysis.prevalence_files import plan_file, prevalence_file
    from stancekit.analysis.shares import Needed, Plan, Prevalence, Share
    from stancekit.artifact import load_model, save_model, shipped_models
    from stancekit.batch.frames import predict_batches
    from stancekit.batch.run import predict_file
    from stancekit.batch.stata import export_stata
    from stancekit.cascade import CascadeModel
    from stancekit.classifier import StanceClassifier
    from stancekit.coding.agreement import Agreement, agreement
    from stancekit.coding.audit import Audit, audit, audit_file
    from stancekit.coding.codings import agreement_file
    from stancekit.coding.sampling import sample_file
    from stancekit.distillation import Distillation, distil
    from stancekit.errors import (
        InputError,
        MissingExtraError,
        ModelError,
        OutputError,
        StancekitError,
        TargetsNotSupported,
    )
    from stancekit.features.cues import CueFeatures
    from stancekit.features.encoder import EncoderFeatures
    from stancekit.features.ngrams import NgramFeatures
    from stancekit.labels import ABSTAIN, LABELS, Reason, Stance
    from stancekit.report.corpus_report import report_file
    from stancekit.scoring import Prediction, StanceModel

_HOMES = {
    "stancekit.analysis.analyze": ("Article", "analyze", "analyze_many"),
    "stancekit.analysis.article": ("Analysis",),
    "stancekit.analysis.article_files": ("analyze_file",),
    "stancekit.analysis.dyads": ("DyadTable", "dyads"),
    "stancekit.analysis.gazetteer": ("Gazetteer",),
    "stancekit.analysis.explanation": ("Explanation",),
    "stancekit.analysis.dsl_export": ("export_dsl",),
    "stancekit.analysis.prevalence": ("prevalence",),
    "stancekit.analysis.prevalence_files": ("plan_file", "prevalence_file"),
    "stancekit.analysis.shares": ("Needed", "Plan", "Prevalence", "Share"),
    "stancekit.artifact": ("load_model", "save_model", "shipped_models"),
    "stancekit.batch.frames": ("predict_batches",),
    "stancekit.batch.run": ("predict_file",),
    "stancekit.batch.stata": ("export_stata",),
    "stancekit.cascade": ("CascadeModel",),
    "stancekit.classifier": ("StanceClassifier",),
    "stancekit.distillation": ("Distillation", "distil"),
    "stancekit.coding.agreement": ("Agreement", "agreement"),
    "stancekit.coding.audit": ("Audit", "audit", "audit_file"),
    "stancekit.coding.codings": ("agreement_file",),
    "stancekit.coding.sampling": ("sample_file",),
    "stancekit.errors": (
        "InputError",
        "MissingExtraError",
        "ModelError",
        "OutputError",
        "StancekitError",
        "TargetsNotSupported",
    ),
    "stancekit.features.cues": ("CueFeatures",),
    "stancekit.features.encoder": ("EncoderFeatures",),
    "stancekit.features.ngrams": ("NgramFeatures",),
    "stancekit.labels": ("ABSTAIN", "LABELS", "Reason", "Stance"),
    "stancekit.report.corpus_report": ("report_file",),
    "stancekit.scoring": ("Prediction", "StanceModel"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ABSTAIN",
    "LABELS",
    "Agreement",
    "Analysis",
    "Article",
    "Audit",
    "CascadeModel",
    "CueFeatures",
    "Distillation",
    "DyadTable",
    "EncoderFeatures",
    "Explanation",
    "Gazetteer",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "Needed",
    "NgramFeatures",
    "OutputError",
    "Plan",
    "Prediction",
    "Prevalence",
    "Reason",
    "Share",
    "Stance",
    "StanceClassifier",
    "StanceModel",
    "StancekitError",
    "TargetsNotSupported",
    "agreement",
    "agreement_file",
    "analyze",
    "analyze_file",
    "analyze_many",
    "audit",
    "audit_file",
    "distil",
    "dyads",
    "export_dsl",
    "export_stata",
    "load_model",
    "plan_file",
    "predict_batches",
    "predict_file",
    "prevalence",
    "prevalence_file",
    "report_file",
    "sample_file",
    "save_model",
    "shipped_models",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("stancekit")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'stancekit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
