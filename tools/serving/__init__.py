"""How the tools are reached from outside the process: pages of lists, who may ask, how much and how fast.

What is served lives beside it (:mod:`tools.mcp_server`); nothing here knows a market. Whatever the
SDK has is used: its host and origin checks, its bearer check, its limit of a request's size. Added
are a limit of calls for each client, deadlines for slow ones, and pages.
"""
