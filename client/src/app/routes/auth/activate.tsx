import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { paths } from "@/config/paths";
import { ActivateForm } from "@/features/sign-in/components/ActivateForm";
import { SecondStepForm } from "@/features/sign-in/components/SecondStepForm";
import type { AskedStep } from "@/lib/second-step";
import { auth as words } from "@/messages/auth";
import styles from "./auth.module.css";

export function Component() {
  const navigate = useNavigate();
  // The code of a printed link stands behind the #, so that it never reaches a server's log.
  const code = new URLSearchParams(useLocation().hash.slice(1)).get("code") ?? "";
  const [asked, setAsked] = useState<AskedStep>();
  const home = () => void navigate(paths.home, { replace: true });
  if (asked)
    return (
      <AuthLayout title={words.second}>
        <SecondStepForm {...asked} onDone={home} onOver={() => void navigate(paths.signIn, { replace: true })} />
      </AuthLayout>
    );
  return (
    <AuthLayout title={words.activate} lead={words.activateLead}>
      <ActivateForm code={code} onDone={home} onSecondStep={setAsked} />
      <ul className={styles.links}>
        <li>
          <Link to={paths.signIn}>{words.backToSignIn}</Link>
        </li>
      </ul>
    </AuthLayout>
  );
}
