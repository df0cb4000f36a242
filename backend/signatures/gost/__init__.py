"""GOST R 34.10 signatures and their hash functions, as the national authority of Kazakhstan writes them."""
