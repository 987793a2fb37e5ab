"""The delivery API: finished JSON for frontends. It reads documents and never renders or writes."""
