"""Opens a report and pages through it as a reader would; prints what was found as JSON.

page.py REPORT WIDTH HEIGHT SCREENSHOT
"""

import json
import pathlib
import sys

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

report, width, height, screenshot = sys.argv[1:]
address = pathlib.Path(report).resolve().as_uri()
found = {"messages": [], "requests": [], "pages": []}


def rows(page):
    return page.eval_on_selector_all(
        "tbody tr:not(.more) td.name button", "buttons => buttons.map(button => button.textContent)"
    )


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    page = browser.new_page(viewport={"width": int(width), "height": int(height)})
    page.on("console", lambda message: found["messages"].append(message.text))
    page.on("pageerror", lambda error: found["messages"].append(str(error)))
    page.on("request", lambda request: found["requests"].append(request.url[:80]))
    page.goto(address)
    found["title"] = page.title()
    # From the first page to the last, one after the other.
    while True:
        found["pages"].append({"status": page.inner_text("#status"), "rows": rows(page)})
        if page.is_disabled("#after"):
            break
        page.click("#after")
    page.click("#first")
    found["first"] = rows(page)
    page.click("#last")
    found["last"] = rows(page)
    page.fill("input[type=search]", "kuramoto")
    found["searched"] = rows(page)
    page.fill("input[type=search]", "")
    # Sorted by the number of steps, then the other way round.
    if page.is_visible("thead"):
        for order in ["up", "down"]:
            page.click("thead button:has-text('steps')")
            found[order] = page.eval_on_selector_all(
                "tbody tr:not(.more) td[data-label=steps]", "cells => cells.map(cell => Number(cell.textContent))"
            )
    page.click("tbody tr:first-child td.name button")
    page.wait_for_selector("tr.more")
    found["details"] = page.inner_text("tr.more")
    found["picture"] = page.eval_on_selector_all("tr.more img", "images => images.map(image => image.naturalWidth)")
    found["wide"] = page.evaluate("document.documentElement.scrollWidth")
    page.screenshot(path=screenshot)
    browser.close()
print(json.dumps(found))
