import { Avatar } from "@/components/layouts/Avatar";
import { Page } from "@/components/layouts/Page";
import { Appearance } from "@/features/account/components/Appearance";
import { ChangePassword } from "@/features/account/components/ChangePassword";
import { Sessions } from "@/features/account/components/Sessions";
import { SignOut } from "@/features/account/components/SignOut";
import { OwnEmail } from "@/features/addresses/components/OwnEmail";
import { SecondFactor } from "@/features/security/components/SecondFactor";
import { useUser } from "@/lib/auth";
import { account as words } from "@/messages/account";
import { common } from "@/messages/common";
import styles from "./account.module.css";

export function Component() {
  const user = useUser();
  return (
    <Page title={words.title} actions={<SignOut />}>
      <div className={styles.columns}>
        <div className="stack">
          <section className="card pad row">
            <Avatar name={user.display_name} />
            <div className="grow">
              <h2>{user.display_name}</h2>
              <p className="soft">{[common.role[user.role], ...user.positions, user.username].join(" · ")}</p>
            </div>
          </section>
          <OwnEmail />
          <Appearance />
          <Sessions />
        </div>
        <div className="stack">
          <SecondFactor />
          <ChangePassword />
        </div>
      </div>
    </Page>
  );
}
