"""Run the site: `TOLK_KEY=tolk_… python -m examples.partner`. Its settings are environment variables."""

import os
import sys
import threading
from pathlib import Path

import httpx

from examples.partner.account import Account
from examples.partner.mirror import Mirror
from examples.partner.shelf import Shelf
from examples.partner.site import create_site

# Webhooks say when to ask; this is for the day on which none comes.
ASK_EVERY = float(os.environ.get("PARTNER_ASK_SECONDS", "60"))
ASK_AGAIN = min(5.0, ASK_EVERY)


def main() -> None:
    """Serve the site, and keep its copy current beside it."""
    key = os.environ.get("TOLK_KEY", "")
    if not key:
        sys.exit("Set TOLK_KEY to the key of the partner: tolk partner key add NAME site")
    port = int(os.environ.get("PARTNER_PORT", "8001"))
    site_url = os.environ.get("PARTNER_URL", f"http://127.0.0.1:{port}")
    shelf = Shelf(Path(os.environ.get("PARTNER_DB", "partner.db")))
    wake = threading.Event()
    threading.Thread(target=keep_current, args=(shelf, key, site_url, wake), daemon=True).start()
    create_site(shelf, wake).run("127.0.0.1", port, threaded=True)


def keep_current(shelf: Shelf, key: str, site_url: str, wake: threading.Event) -> None:
    """Ask Tolk what changed, whenever it says that something did and every minute anyway."""
    url = os.environ.get("TOLK_URL", "http://127.0.0.1:8000")
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as tolk:
        mirror = Mirror(shelf, tolk, os.environ.get("TOLK_TOPIC", ""))
        account = Account(shelf, tolk, site_url)
        while True:
            wake.clear()
            wait = ASK_EVERY
            try:
                account.listen()
                taken = mirror.catch_up()
                account.register_pages()
                acknowledged = account.acknowledge()
                print(f"changes: {taken}, recalls acknowledged: {acknowledged}", flush=True)
            except (httpx.HTTPError, ValueError) as error:
                # What was kept stays; pages stop being shown when it is too old to be sure of.
                print(f"Tolk could not be asked: {error}", file=sys.stderr, flush=True)
                wait = ASK_AGAIN
            wake.wait(wait)


if __name__ == "__main__":
    main()
