import { useState } from "react";
import { Link } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { paths } from "@/config/paths";
import { ForgotPasswordForm } from "@/features/sign-in/components/ForgotPasswordForm";
import { auth as words } from "@/messages/auth";
import styles from "./auth.module.css";

export function Component() {
  const [sent, setSent] = useState(false);
  return (
    <AuthLayout title={sent ? words.sentTitle : words.forgot} lead={sent ? undefined : words.forgotLead}>
      {sent ? <p role="status">{words.sent}</p> : <ForgotPasswordForm onDone={() => setSent(true)} />}
      <ul className={styles.links}>
        <li>
          <Link to={paths.signIn}>{words.backToSignIn}</Link>
        </li>
      </ul>
    </AuthLayout>
  );
}
