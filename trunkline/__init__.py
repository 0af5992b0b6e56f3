"""Trunkline: the phone numbers of LiveKit voice agents as code."""
