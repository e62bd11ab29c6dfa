"""The conversation as a page on the loopback address: one small page, its events, its guard.

Everything here only translates: a question goes to :class:`agent.conversation.Conversation`, its
events and its answer go to the page. It imports no scoring and no source of data, and nothing of
the conversation either until the first question or list is asked for, so that the page is there at
once.
"""

__all__: list[str] = []
