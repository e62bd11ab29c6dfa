"""What plans and narrates: an OpenAI-compatible model, or the built-in offline brain. Neither owns a number."""
