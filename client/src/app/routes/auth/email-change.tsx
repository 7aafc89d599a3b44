import { Link, useLocation } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { paths } from "@/config/paths";
import { EmailLinkView } from "@/features/addresses/components/EmailLinkView";
import { addresses as words } from "@/messages/addresses";
import { auth } from "@/messages/auth";
import styles from "./auth.module.css";

export function Component() {
  // Behind the #, so that it never reaches a server's log.
  const token = new URLSearchParams(useLocation().hash.slice(1)).get("token") ?? "";
  return (
    <AuthLayout title={words.linkTitle} lead={token ? undefined : words.linkBroken}>
      {token ? <EmailLinkView token={token} /> : null}
      <ul className={styles.links}>
        <li>
          <Link to={paths.signIn}>{auth.backToSignIn}</Link>
        </li>
      </ul>
    </AuthLayout>
  );
}
