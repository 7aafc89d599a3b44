// Runs before the first paint so that a dark or field device never flashes white. It is a file because the content policy refuses inline scripts.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem("rgms.theme");
  } catch (error) {
    choice = null;
  }
  var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme =
    choice === "light" || choice === "dark" || choice === "field" ? choice : dark ? "dark" : "light";
})();
