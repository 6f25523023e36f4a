"""The routes, one module a resource: each checks its request and hands it on."""
