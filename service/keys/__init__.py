"""What only the holder of the secret keys can do: seal and open, find by address, make and read links."""
