"""The application as WSGI servers import it: `api.wsgi:app`, set up from the environment."""

from api.application import create_app
from api.metering import keep_counting

app = create_app()
keep_counting(app)
