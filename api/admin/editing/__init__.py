"""Forms for content, made from its schemas: drawn, read back and changed part by part. They save nothing."""
