"""The workshop's floor: four queues, their workers, and what happens when one dies.

Rows of the jobs table are the truth; Huey only carries their ids to threads. This room runs
stages and commits what they give; it never decides what a stage does.
"""
