"""Settings, addresses and what stands between the server and the views."""
