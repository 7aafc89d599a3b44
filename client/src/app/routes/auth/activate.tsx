import { Link, useLocation, useNavigate } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { paths } from "@/config/paths";
import { ActivateForm } from "@/features/sign-in/components/ActivateForm";
import { auth as words } from "@/messages/auth";
import styles from "./auth.module.css";

export function Component() {
  const navigate = useNavigate();
  // The code of a printed link stands behind the #, so that it never reaches a server's log.
  const code = new URLSearchParams(useLocation().hash.slice(1)).get("code") ?? "";
  return (
    <AuthLayout title={words.activate} lead={words.activateLead}>
      <ActivateForm code={code} onDone={() => void navigate(paths.home, { replace: true })} />
      <ul className={styles.links}>
        <li>
          <Link to={paths.signIn}>{words.backToSignIn}</Link>
        </li>
      </ul>
    </AuthLayout>
  );
}
