import { Link, useLocation, useNavigate, useSearchParams } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { paths } from "@/config/paths";
import { ResetPasswordForm } from "@/features/sign-in/components/ResetPasswordForm";
import { auth as words } from "@/messages/auth";
import styles from "./auth.module.css";

export function Component() {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const { hash } = useLocation();
  const token = search.get("token") ?? new URLSearchParams(hash.slice(1)).get("token") ?? "";
  return (
    <AuthLayout title={words.reset} lead={token ? undefined : words.resetBroken}>
      {token ? (
        <ResetPasswordForm
          token={token}
          onDone={() => void navigate(paths.signIn, { replace: true, state: { done: words.resetDone } })}
        />
      ) : null}
      <ul className={styles.links}>
        <li>
          <Link to={paths.forgotPassword}>{words.askAgain}</Link>
        </li>
        <li>
          <Link to={paths.signIn}>{words.backToSignIn}</Link>
        </li>
      </ul>
    </AuthLayout>
  );
}
