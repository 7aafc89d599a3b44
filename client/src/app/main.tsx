import "@/styles/tokens.css";
import "@/styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { renewToken } from "@/lib/api-client";
import { readSession } from "@/lib/session";
import { followSystemTheme } from "@/lib/theme";
import { App } from "./provider";

followSystemTheme();
// The token of a session that goes on is on its way before the first page asks for anything.
if (readSession()) renewToken(null).catch(() => undefined);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
