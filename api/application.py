"""The application as WSGI servers import it: `api.application:app`, set up from the environment."""

from api import create_app

app = create_app()
