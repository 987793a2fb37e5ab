"""The application as WSGI servers import it: `api.wsgi:app`, set up from the environment."""

from api.application import create_app

app = create_app()
