"""HTTP and sockets: parse, authorise, call a service, answer. No SQL and no arithmetic on masks."""
