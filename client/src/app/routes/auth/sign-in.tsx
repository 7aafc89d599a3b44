import { useState } from "react";
import { Link, Navigate, useLocation, useNavigate, useSearchParams } from "react-router";
import { AuthLayout } from "@/components/layouts/AuthLayout";
import { paths, safeNext } from "@/config/paths";
import { SecondStepForm } from "@/features/sign-in/components/SecondStepForm";
import { SignInForm } from "@/features/sign-in/components/SignInForm";
import { useAuth } from "@/lib/auth";
import type { AskedStep } from "@/lib/second-step";
import { auth as words } from "@/messages/auth";
import styles from "./auth.module.css";

export function Component() {
  const { user } = useAuth();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const state = useLocation().state as { expired?: boolean; reason?: string | null; done?: string } | null;
  const next = safeNext(search.get("next"));
  const [asked, setAsked] = useState<AskedStep>();
  const [over, setOver] = useState<string>();
  if (user) return <Navigate to={next} replace />;
  const onDone = () => void navigate(next, { replace: true });
  if (asked)
    return (
      <AuthLayout title={words.second}>
        <SecondStepForm
          {...asked}
          onDone={onDone}
          onOver={(why) => {
            setOver(why);
            setAsked(undefined);
          }}
        />
      </AuthLayout>
    );
  return (
    <AuthLayout title={words.signIn} lead={state?.done}>
      <SignInForm
        notice={over ?? (state?.expired ? (state.reason ?? words.expired) : undefined)}
        onDone={onDone}
        onSecondStep={setAsked}
      />
      <ul className={styles.links}>
        <li>
          <Link to={paths.activate}>{words.firstTime}</Link>
        </li>
        <li>
          <Link to={paths.forgotPassword}>{words.forgot}</Link>
        </li>
      </ul>
    </AuthLayout>
  );
}
