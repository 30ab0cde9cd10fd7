"""The web site: an ordinary Django project. `config` wires it, `records` owns the tables and the actions."""
