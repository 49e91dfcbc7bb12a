"""The confined side: everything here runs in the server's own processes, never in the host.

It is started with a bare Python (no site, clean environment) and uses the standard library only.
"""
