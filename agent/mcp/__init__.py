"""What an MCP server adds that needs briefs: questions, resources and prompts beside the tools.

The tools themselves are served by :mod:`tools.mcp_server`, which knows nothing of this package;
:func:`agent.mcp.server.build_front` puts the two together.
"""
