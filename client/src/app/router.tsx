import { lazy, Suspense } from "react";
import { useRoutes, type RouteObject } from "react-router";
import { NotFound } from "@/components/errors/refusals";
import { recordsFacts, type Permission } from "@/lib/authorization";
import { readSession } from "@/lib/session";
import { AwayPage, type LoadPage } from "./away-page";
import { Require, RequireSignIn } from "./require";

/** A page in a chunk of its own: a module of app/routes that exports `Component`. */
const page = (load: LoadPage) => {
  const Page = lazy(async () => {
    try {
      return { default: (await load()).Component };
    } catch {
      return { default: () => <AwayPage load={load} /> };
    }
  });
  return <Page />;
};

const under = (permission: Permission, children: RouteObject[]): RouteObject => ({
  element: <Require permission={permission} />,
  children,
});

const open: RouteObject[] = [
  { path: "sign-in", element: page(() => import("./routes/auth/sign-in")) },
  { path: "activate", element: page(() => import("./routes/auth/activate")) },
  { path: "forgot-password", element: page(() => import("./routes/auth/forgot-password")) },
  { path: "email-change", element: page(() => import("./routes/auth/email-change")) },
  { path: "add-second-step", element: page(() => import("./routes/auth/add-second-step")) },
  { path: "choose-password", element: page(() => import("./routes/auth/choose-password")) },
  { path: "reset-password", element: page(() => import("./routes/auth/reset-password")) },
];

const signedIn: RouteObject[] = [
  { index: true, element: page(() => import("./routes/home")) },
  { path: "account", element: page(() => import("./routes/account")) },
  { path: "more", element: page(() => import("./routes/more")) },
  under("roster.read", [
    { path: "cadets", element: page(() => import("./routes/cadets/list")) },
    { path: "cadets/:cadetId", element: page(() => import("./routes/cadets/detail")) },
    { path: "units", element: page(() => import("./routes/units/list")) },
    { path: "staff", element: page(() => import("./routes/staff/list")) },
  ]),
  under("roster.import", [
    { path: "imports", element: page(() => import("./routes/imports/list")) },
    { path: "imports/:importId", element: page(() => import("./routes/imports/detail")) },
  ]),
  under("grading.read", [
    { path: "terms", element: page(() => import("./routes/terms/list")) },
    { path: "terms/:termId", element: page(() => import("./routes/terms/detail")) },
    { path: "terms/:termId/policy", element: page(() => import("./routes/terms/policy")) },
    { path: "terms/:termId/disagreements", element: page(() => import("./routes/terms/disagreements")) },
    { path: "gradebook", element: page(() => import("./routes/gradebook/list")) },
    { path: "gradebook/:cadetId", element: page(() => import("./routes/gradebook/detail")) },
  ]),
  under("grading.mark", [
    { path: "waiting", element: page(() => import("./routes/waiting")) },
    { path: "training-days/:trainingDayId", element: page(() => import("./routes/training-days/roll-call")) },
  ]),
  under("grading.merit", [{ path: "merits", element: page(() => import("./routes/merits/record")) }]),
  under("reports.request", [{ path: "reports", element: page(() => import("./routes/reports/list")) }]),
  under("roster.write", [{ path: "addresses", element: page(() => import("./routes/addresses")) }]),
  under("audit.read", [{ path: "audit", element: page(() => import("./routes/audit")) }]),
  under("users.manage", [
    { path: "accounts", element: page(() => import("./routes/accounts/list")) },
    { path: "accounts/cards", element: page(() => import("./routes/accounts/cards")) },
  ]),
  under("grading.own", [
    { path: "my/grade", element: page(() => import("./routes/my/grade")) },
    { path: "my/attendance", element: page(() => import("./routes/my/attendance")) },
    { path: "my/merits", element: page(() => import("./routes/my/merits")) },
  ]),
  under("roster.own", [{ path: "my/profile", element: page(() => import("./routes/my/profile")) }]),
  { path: "*", element: <NotFound /> },
];

/** The shell, and for whoever records facts the queue with it: both or neither, fetched at once. */
const shell: LoadPage = async () => {
  const queue = recordsFacts(readSession()?.user ?? null) ? import("@/lib/offline/provider") : null;
  const [page] = await Promise.all([import("./routes/signed-in"), queue]);
  return page;
};

const routes: RouteObject[] = [...open, { element: <RequireSignIn />, children: [{ element: page(shell), children: signedIn }] }];

export function Pages() {
  return <Suspense fallback={null}>{useRoutes(routes)}</Suspense>;
}
