"""What a comment is, in which language, in which mood and how urgent: rules, no model, no network."""

from bot.triage.classifier import RuleClassifier

__all__ = ["RuleClassifier"]
