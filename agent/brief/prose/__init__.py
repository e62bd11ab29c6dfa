"""What a brief says, intent by intent, and the words for it in both languages.

The modules choose what to say from the facts; ``wording_en`` and ``wording_vi`` say it, each as
its readers write, neither translated from the other. No text here holds a digit: numerals come
from slots only.
"""
