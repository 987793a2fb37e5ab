"""What the site tells Tolk of itself: its webhook, where it shows what, and that recalled advice is down."""

from datetime import UTC, datetime

import httpx

from examples.partner.shelf import Shelf


class Account:
    """This partner at Tolk."""

    def __init__(self, shelf: Shelf, tolk: httpx.Client, site_url: str) -> None:
        self.shelf, self.tolk, self.site_url = shelf, tolk, site_url

    def listen(self) -> None:
        """Add the site's webhook, once; its secret is said once, and kept."""
        if self.shelf.recall("webhook_secret"):
            return
        answer = self.tolk.post("/v1/partner/webhooks", json={"url": f"{self.site_url}/tolk"})
        answer.raise_for_status()
        self.shelf.remember("webhook_secret", answer.json()["secret"])

    def register_pages(self) -> None:
        """Say where each article is shown, so that Tolk can look whether it is right."""
        for document in self.shelf.documents():
            url = f"{self.site_url}/{document['locale']}/{document['slug']}"
            name = f"page {document['id']} {document['locale']}"
            before = self.shelf.recall(name)
            if before == url:
                continue
            if before:
                self.tolk.delete("/v1/partner/pages", params={"url": before})
            page = {"url": url, "entry": document["id"], "locale": document["locale"]}
            answer = self.tolk.put("/v1/partner/pages", json=page)
            if answer.is_success:
                self.shelf.remember(name, url)

    def acknowledge(self) -> int:
        """Acknowledge each recall of which nothing is shown any more; return how many that were."""
        answer = self.tolk.get("/v1/partner/recalls", params={"waiting": "true"})
        answer.raise_for_status()
        done = 0
        for recall in answer.json():
            shown = [locale for locale in recall["locales"] if self.shelf.has(recall["entry"], locale)]
            # In an exercise nothing is withdrawn, and nothing is to be taken down.
            if shown and not recall["drill"]:
                continue
            where = [f"{self.site_url}/{locale}/{slug}" for locale, slug in self.shelf.addresses(recall["entry"])]
            said = {"applied_at": datetime.now(UTC).isoformat(), "where": where}
            self.tolk.post(f"/v1/partner/recalls/{recall['id']}/acknowledgement", json=said).raise_for_status()
            done += 1
        return done
