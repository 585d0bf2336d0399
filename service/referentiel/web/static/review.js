// One key for each verdict. Everything here presses a button or follows a link that the page has anyway.
"use strict";

(() => {
  const form = document.getElementById("decision");
  const search = document.getElementById("q");
  const toggle = document.getElementById("keys-on");
  const STORED = "referentiel-keys";
  let leaving = false;

  const choices = () => [...form.querySelectorAll("input[name=concept]")];
  const isTyping = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

  /** Marks in the text speak for the proposal that is chosen. */
  function showMarks() {
    const chosen = form.querySelector("input[name=concept]:checked")?.dataset.number;
    for (const mark of document.querySelectorAll("mark[data-for]")) {
      mark.classList.toggle("off", !mark.dataset.for.split(" ").includes(chosen));
    }
  }

  function choose(choice) {
    if (choice) {
      choice.checked = true;
      choice.closest("li").scrollIntoView({ block: "nearest" });
      showMarks();
    }
    return Boolean(choice);
  }

  function move(step) {
    const all = choices();
    const here = all.findIndex((choice) => choice.checked);
    return choose(all[Math.min(Math.max(here + step, 0), all.length - 1)]);
  }

  function press(key) {
    const wanted = [...document.querySelectorAll("[data-keys]")].find((element) => element.dataset.keys.split(" ").includes(key));
    wanted?.click();
    return Boolean(wanted);
  }

  function act(key) {
    if (/^[1-9]$/.test(key)) return choose(choices()[Number(key) - 1]);
    if (key === "ArrowDown") return move(1);
    if (key === "ArrowUp") return move(-1);
    if (key === "/") {
      search.focus();
      search.select();
      return true;
    }
    return press(key.length === 1 ? key.toLowerCase() : key);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const isOnChoice = event.target.matches("input[type=radio]") && event.key.startsWith("Arrow");
    if (!toggle.checked || leaving || event.repeat || isOnChoice) return; // arrows move among radio buttons by themselves
    if (act(event.key)) event.preventDefault();
  });

  form.addEventListener("submit", (event) => {
    if (leaving) event.preventDefault();
    leaving = true;
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    showMarks();
  });
  form.addEventListener("change", showMarks);

  document.getElementById("keys-switch").hidden = false;
  toggle.checked = localStorage.getItem(STORED) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(STORED, toggle.checked ? "on" : "off"));
})();
