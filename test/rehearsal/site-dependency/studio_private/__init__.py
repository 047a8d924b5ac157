"""Money and subscriptions of the site."""
