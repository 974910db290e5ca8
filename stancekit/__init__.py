"""Stance of foreign-policy statements."""
