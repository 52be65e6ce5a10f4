"""From sound to words: who speaks when, what is said, and where transcripts come from.

Recognisers stand behind one Protocol; models are found, checked and installed here.
"""
