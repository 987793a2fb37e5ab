"""WHO: users and how they sign in, keys, rights and the audit. It knows neither translations nor the web."""
