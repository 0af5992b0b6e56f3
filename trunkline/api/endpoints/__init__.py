"""What each endpoint answers; `table.py` lists them."""
