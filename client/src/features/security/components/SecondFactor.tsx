import { useState, type ReactNode } from "react";
import { Button, Icon, QueryView, SkeletonRows, useToast, type IconName } from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { deviceName } from "@/lib/device";
import { messageOf } from "@/lib/error-words";
import { formatDate, formatMoment } from "@/lib/format";
import { PasskeyError, passkeysWorkHere } from "@/lib/passkeys";
import { security as words } from "@/messages/security";
import {
  beginAuthenticator,
  learn,
  useAddPasskey,
  useRemoveFactor,
  useRenewCodes,
  useSecondFactor,
  type Authenticator,
  type SecondFactor as Standing,
} from "../api/security";
import { AddAuthenticator } from "./AddAuthenticator";
import { RecoveryCodes } from "./RecoveryCodes";
import styles from "./security.module.css";

type Asked = { title: string; body: string; confirm: string; run: () => Promise<unknown> };

function Row({ icon, title, children, actions }: { icon: IconName; title: string; children: string; actions: ReactNode }) {
  return (
    <li className={styles.row}>
      <Icon name={icon} />
      <div className="grow">
        <h3>{title}</h3>
        <p className="small muted">{children}</p>
      </div>
      <span className="row">{actions}</span>
    </li>
  );
}

const passkeyNote = (one: Standing["passkeys"][number]) =>
  one.last_used_at
    ? words.used(formatDate(one.created_at), formatMoment(one.last_used_at))
    : words.added(formatDate(one.created_at));

/** What proves a person beside the password, each with its way in and out. Every change asks for the password first. */
export function SecondFactor({ bare = false }: { bare?: boolean }) {
  const query = useSecondFactor();
  const [app, setApp] = useState<Authenticator>();
  const [codes, setCodes] = useState<string[]>([]);
  const [asked, setAsked] = useState<Asked>();
  const [busy, setBusy] = useState(false);
  const passkey = useAddPasskey();
  const remove = useRemoveFactor();
  const renew = useRenewCodes();
  const toast = useToast();

  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toast({ message: error instanceof PasskeyError ? error.message : messageOf(error), tone: "failed" });
    } finally {
      setBusy(false);
    }
  };
  const added = (fresh: string[], message: string) => {
    // With codes to show, the page stays as it is until they were kept, and nothing covers them.
    setCodes(fresh);
    if (fresh.length > 0) return;
    toast({ message });
    void learn();
  };
  const gone = (what: string, id: number | null): Asked => ({
    title: words.removeTitle(what),
    body: words.removeBody,
    confirm: words.remove,
    run: () => remove.mutateAsync(id).then(() => learn()),
  });
  return (
    <section className={bare ? undefined : "card"}>
      {bare ? null : (
        <div className="pad">
          <h2>{words.title}</h2>
          <p className="small muted">{words.hint}</p>
        </div>
      )}
      <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={3} columns={2} what={words.what} />}>
        {(standing) => {
          const here = passkeysWorkHere(standing.passkey_domain);
          const has = standing.passkeys.length > 0 || standing.authenticator_since !== null;
          return (
            <ul>
              {standing.passkeys.map((one) => (
                <Row
                  key={one.id}
                  icon="key"
                  title={one.name}
                  actions={
                    <Button aria-label={words.removeOf(one.name)} onClick={() => setAsked(gone(one.name, one.id))}>
                      {words.remove}
                    </Button>
                  }
                >
                  {passkeyNote(one)}
                </Row>
              ))}
              <Row
                icon="key"
                title={words.passkeys}
                actions={
                  here ? (
                    <Button
                      icon="plus"
                      busy={busy && passkey.isPending}
                      onClick={() =>
                        void attempt(async () => {
                          added(await passkey.mutateAsync(deviceName(navigator.userAgent)), words.passkeyAdded);
                        })
                      }
                    >
                      {words.addPasskey}
                    </Button>
                  ) : null
                }
              >
                {here ? words.passkeysHint : words.passkeysElsewhere(standing.passkey_domain)}
              </Row>
              <Row
                icon="clock"
                title={words.app}
                actions={
                  <>
                    <Button
                      busy={busy && !passkey.isPending}
                      onClick={() => void attempt(async () => setApp(await beginAuthenticator()))}
                    >
                      {standing.authenticator_since ? words.setUpAgain : words.setUp}
                    </Button>
                    {standing.authenticator_since ? (
                      <Button aria-label={words.removeOf(words.app)} onClick={() => setAsked(gone(words.app, null))}>
                        {words.remove}
                      </Button>
                    ) : null}
                  </>
                }
              >
                {standing.authenticator_since ? words.appSince(formatDate(standing.authenticator_since)) : words.appHint}
              </Row>
              {has ? (
                <Row
                  icon="report"
                  title={words.codes}
                  actions={
                    <Button
                      onClick={() =>
                        setAsked({
                          title: words.renewTitle,
                          body: words.renewBody(standing.recovery_codes_left),
                          confirm: words.renew,
                          run: () => renew.mutateAsync(undefined).then(setCodes),
                        })
                      }
                    >
                      {words.renew}
                    </Button>
                  }
                >
                  {words.left(standing.recovery_codes_left)}
                </Row>
              ) : null}
            </ul>
          );
        }}
      </QueryView>
      {app ? (
        <AddAuthenticator
          made={app}
          replaces={Boolean(query.data?.authenticator_since)}
          onClose={() => setApp(undefined)}
          onDone={(fresh) => {
            setApp(undefined);
            added(fresh, words.appAdded);
          }}
        />
      ) : null}
      {codes.length > 0 ? (
        <RecoveryCodes
          codes={codes}
          onDone={() => {
            setCodes([]);
            void learn();
          }}
        />
      ) : null}
      {asked ? (
        <ConfirmDialog
          open
          onClose={() => setAsked(undefined)}
          title={asked.title}
          body={asked.body}
          confirm={asked.confirm}
          keep={words.keep}
          onConfirm={asked.run}
        />
      ) : null}
    </section>
  );
}
