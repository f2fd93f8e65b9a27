"""The component run_stage: its message."""
