"""Documentation and what generates its reference pages."""
