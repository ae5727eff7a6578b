"""Prompt files: texts with optional front matter, and variables that are filled in when the program runs.

The author's variables are written ``<< offer >>``; a vendor's own ``{{first_name}}`` is text like any other. Every
failure is an `errors.PromptError`: the file, the line, what is wrong and how to mend it.
"""

from .files import as_file
from .filling import render

__all__ = ["as_file", "render"]
