import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Button, EmptyState, QueryView, SkeletonRows } from "@/components/ui";
import { UnitFilter } from "@/components/units/UnitFilter";
import { paths } from "@/config/paths";
import { useAccount, useCardCadets, type CardCadet, type IssuedCodes } from "@/features/accounts/api/accounts";
import { pagesOf } from "@/features/accounts/cards";
import { CardPages } from "@/features/accounts/components/CardPages";
import { IssueCards } from "@/features/accounts/components/IssueCards";
import { accounts as words } from "@/messages/accounts";
import { MOST_CODES } from "@/types/domain";

type Made = { issued: IssuedCodes; cadets: readonly CardCadet[] };

/** Asks before the page is left: its codes are nowhere else. */
function useStay(stay: boolean) {
  useEffect(() => {
    if (!stay) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [stay]);
}

function Skipped({ skipped }: { skipped: IssuedCodes["skipped"] }) {
  return Object.entries(words.skipped).map(([code, say]) => {
    const count = skipped.filter((one) => one.code === code).length;
    return count > 0 ? <p key={code}>{say(count)}</p> : null;
  });
}

function OneAccount({ id, onMade }: { id: string; onMade: (made: Made) => void }) {
  const account = useAccount(id);
  return (
    <QueryView query={account} what={words.what} skeleton={<SkeletonRows rows={4} columns={1} what={words.what} />}>
      {({ id: userId, display_name: name, username, cadet }) => (
        <IssueCards
          title={words.codeFor(name || username)}
          meant={{ user_ids: [userId], renew: true }}
          onIssued={(issued) => onMade({ issued, cadets: cadet ? [cadet] : [] })}
        />
      )}
    </QueryView>
  );
}

function OneUnit({ company, platoon, onMade }: { company: string; platoon: string; onMade: (made: Made) => void }) {
  const cadets = useCardCadets({ company, platoon });
  if (!company)
    return (
      <EmptyState icon="key" title={words.choose}>
        <p>{words.chooseBody}</p>
      </EmptyState>
    );
  return (
    <QueryView query={cadets} what={words.cardsWhat} skeleton={<SkeletonRows rows={4} columns={1} what={words.cardsWhat} />}>
      {(found) =>
        found.length === 0 || found.length > MOST_CODES ? (
          <EmptyState icon="people" title={found.length === 0 ? words.nobody : words.choose}>
            <p>{found.length === 0 ? words.nobodyBody : words.tooMany(found.length, MOST_CODES)}</p>
          </EmptyState>
        ) : (
          <IssueCards
            key={`${company}:${platoon}`}
            title={words.ready(found.length, [company, platoon].filter(Boolean).join(", "))}
            meant={{ cadet_ids: found.map((cadet) => cadet.id) }}
            onIssued={(issued) => onMade({ issued, cadets: found })}
          />
        )
      }
    </QueryView>
  );
}

export function Component() {
  const [params, setParams] = useSearchParams();
  const [made, setMade] = useState<Made | null>(null);
  const account = params.get("account") ?? "";
  const unit = { company: params.get("company") ?? "", platoon: params.get("platoon") ?? "" };
  const choose = (next: Partial<typeof unit>) =>
    setParams(Object.fromEntries(Object.entries({ ...unit, ...next }).filter(([, name]) => name)), { replace: true });
  const pages = made ? pagesOf(made.issued, made.cadets) : [];
  useStay(pages.length > 0);
  const actions = made ? (
    <>
      <Button onClick={() => setMade(null)}>{words.others}</Button>
      {pages.length > 0 ? (
        <Button look="primary" icon="report" onClick={() => window.print()}>
          {words.print(pages.length)}
        </Button>
      ) : null}
    </>
  ) : undefined;
  return (
    <Page
      title={words.cards}
      parent={{ to: paths.accounts, label: words.title }}
      actions={actions}
      tools={
        made || account ? undefined : (
          <UnitFilter
            {...unit}
            onCompany={(company) => choose({ company, platoon: "" })}
            onPlatoon={(platoon) => choose({ platoon })}
          />
        )
      }
    >
      {made === null ? (
        account ? (
          <OneAccount id={account} onMade={setMade} />
        ) : (
          <OneUnit {...unit} onMade={setMade} />
        )
      ) : pages.length === 0 ? (
        <EmptyState icon="check" title={words.noneMade}>
          <p>{words.noneMadeBody}</p>
          <Skipped skipped={made.issued.skipped} />
        </EmptyState>
      ) : (
        <>
          <div role="status" data-print="never">
            <p>
              <b>{words.made(made.issued.codes.length)}.</b> {words.onlyNow}
            </p>
            <Skipped skipped={made.issued.skipped} />
          </div>
          <CardPages pages={pages} />
        </>
      )}
    </Page>
  );
}
