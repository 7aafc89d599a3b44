import { Navigate, useSearchParams } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { Button } from "@/components/ui";
import { paths, safeNext } from "@/config/paths";
import { ChangePassword } from "@/features/account/components/ChangePassword";
import { useAuth } from "@/lib/auth";
import { auth as words } from "@/messages/auth";
import { account } from "@/messages/account";

export function Component() {
  const { user, signOut } = useAuth();
  const [search] = useSearchParams();
  if (!user) return <Navigate to={paths.signIn} replace />;
  // What else is due has a page of its own, to which the next one leads.
  if (user.due !== "password") return <Navigate to={safeNext(search.get("next"))} replace />;
  return (
    <AuthLayout title={words.choose} lead={words.chooseLead}>
      <ChangePassword first />
      <Button wide onClick={() => void signOut()}>
        {account.signOut}
      </Button>
    </AuthLayout>
  );
}
