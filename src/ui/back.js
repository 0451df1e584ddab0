// Back and Forward: shows a page as it is now, in the theme that was chosen since.
(function () {
  const root = document.documentElement;
  const form = root.hasAttribute("data-answer");

  function setTheme() {
    const chosen = document.cookie.match(/(?:^|; )theme=(auto|light|dark)(?:;|$)/);
    if (!chosen) return;
    root.setAttribute("data-theme", chosen[1]);
    for (const button of document.querySelectorAll("button[name=theme]")) {
      button.setAttribute("aria-pressed", String(button.value === chosen[1]));
    }
  }

  // Noted with this entry of the history: whoever comes back to it has sent its form.
  addEventListener("submit", (event) => {
    if (event.target.method === "post") history.replaceState({ sent: true }, "");
  });

  addEventListener("pageshow", (event) => {
    const entry = performance.getEntriesByType("navigation")[0];
    if (!event.persisted && entry?.type !== "back_forward") return;
    if (form && history.state?.sent) {
      // The page of the form, and not its answer, which could only be asked for by sending it again.
      location.replace(location.pathname + location.search);
    } else if (event.persisted && !form) {
      location.reload();
    }
    setTheme();
  });
})();
