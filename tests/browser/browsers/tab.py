"""One tab, driven alike in every browser: it opens pages, runs scripts, clicks and presses keys."""

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

# Chromium's driver scrolls at once; a page that scrolls smoothly would move under WebKit's pointer.
AT_ONCE = """() => {
  const style = document.createElement("style");
  style.textContent = "html { scroll-behavior: auto !important }";
  document.head.append(style);
}"""


KEYS = {"ArrowRight": Keys.ARROW_RIGHT, "ArrowDown": Keys.ARROW_DOWN}


class PlaywrightTab:
    """A tab of Chromium or Firefox."""

    def __init__(self, browser):
        self.kind = browser.browser_type.name
        self._page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.errors = []
        self._page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._page.on("console", self._hear)

    def _hear(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, address):
        """Open a page."""
        self._page.goto(address)

    def run(self, function, *arguments):
        """Call a function of JavaScript with these arguments; return its answer."""
        return self._page.evaluate(f"(all) => ({function})(...all)", list(arguments))

    def click(self, css):
        """Click an element."""
        self._page.locator(css).click()

    def press(self, key):
        """Press a key on what has the focus."""
        self._page.keyboard.press(key)


class WebKitTab:
    """A tab of WebKitGTK; its console is in the log of its driver."""

    def __init__(self, driver, log):
        self.kind, self._driver, self._log = "webkit", driver, log

    @property
    def errors(self):
        """What the consoles of all pages said."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.startswith("CONSOLE") and " ERROR " in line]

    def open(self, address):
        """Open a page."""
        self._driver.get(address)
        self.run(AT_ONCE)

    def run(self, function, *arguments):
        """Call a function of JavaScript with these arguments; return its answer."""
        return self._driver.execute_script(f"return ({function})(...arguments)", *arguments)

    def click(self, css):
        """Click an element."""
        self._driver.find_element(By.CSS_SELECTOR, css).click()

    def press(self, key):
        """Press a key on what has the focus."""
        ActionChains(self._driver).send_keys(KEYS.get(key, key)).perform()
