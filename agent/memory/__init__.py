"""What outlives a question: a thread's state, its name, and the thread as a document."""
