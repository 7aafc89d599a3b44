import { Navigate, Outlet, useLocation } from "react-router";
import { NotAllowed } from "@/components/errors/refusals";
import { duePath, paths, signInFrom } from "@/config/paths";
import { useAuth } from "@/lib/auth";
import { can, type Permission } from "@/lib/authorization";
import { endingReason, lastEnding } from "@/lib/session";
import { common } from "@/messages/common";

/**
 * Pages below need somebody signed in. Who was thrown out comes back to where they were; who left does not.
 * Who has a password that somebody gave them chooses their own first.
 */
export function RequireSignIn() {
  const { user } = useAuth();
  const { pathname, search } = useLocation();
  if (user?.due) return <Navigate to={duePath(user.due, pathname + search)} replace />;
  if (user) return <Outlet />;
  const ending = lastEnding();
  return (
    <Navigate
      to={ending === "signed-out" ? paths.signIn : signInFrom(pathname + search)}
      replace
      state={{ expired: ending === "expired", reason: endingReason() }}
    />
  );
}

/** Pages below need a permission; without it the page says so, with a way home. */
export function Require({ permission }: { permission: Permission }) {
  const { user } = useAuth();
  if (!user) return null;
  return can(user, permission) ? <Outlet /> : <NotAllowed who={`${user.display_name} (${common.role[user.role]})`} />;
}
