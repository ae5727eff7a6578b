"""What `dev.py` is made of: development only, standard library only, no part of the package."""
