"""Stages that tests steer: each obeys the plan file that lies beside its source."""
