"""Django's PostgreSQL backend with the address of a role asked at each connection."""
