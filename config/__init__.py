"""What the home has and who lives in it: models, loading, messages for a person."""
