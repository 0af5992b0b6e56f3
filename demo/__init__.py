"""`make demo` and `make demo-down`: the whole product on this machine, against the sandbox, without any account."""
