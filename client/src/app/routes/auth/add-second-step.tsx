import { Navigate, useSearchParams } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { PasswordPrompt } from "@/components/layouts/PasswordPrompt";
import { Button } from "@/components/ui";
import { paths, safeNext } from "@/config/paths";
import { SecondFactor } from "@/features/security/components/SecondFactor";
import { useAuth } from "@/lib/auth";
import { account } from "@/messages/account";
import { security as words } from "@/messages/security";

export function Component() {
  const { user, signOut } = useAuth();
  const [search] = useSearchParams();
  if (!user) return <Navigate to={paths.signIn} replace />;
  if (user.due !== "second_factor") return <Navigate to={safeNext(search.get("next"))} replace />;
  return (
    <AuthLayout title={words.due} lead={words.dueLead}>
      <SecondFactor bare />
      <Button wide onClick={() => void signOut()}>
        {account.signOut}
      </Button>
      <PasswordPrompt />
    </AuthLayout>
  );
}
