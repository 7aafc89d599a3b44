import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { EmptyState, QueryView, Select, SkeletonRows } from "@/components/ui";
import { useTermChoices } from "@/features/gradebook/api/gradebook";
import { useNamedCadet } from "@/features/merits/api/merits";
import { MeritForm } from "@/features/merits/components/MeritForm";
import { factsOf } from "@/lib/offline/facts";
import { useQueueState } from "@/lib/offline/context";
import { gradebook } from "@/messages/gradebook";
import { merits as words } from "@/messages/merits";

export function Component() {
  const [params, setParams] = useSearchParams();
  const terms = useTermChoices();
  const state = useQueueState();
  // A refused record is made anew from what the device holds of it, so that it needs no network.
  const former = factsOf(state.refused, "points").find((fact) => fact.id === params.get("change"));
  const named = useNamedCadet(params.has("change") ? null : params.get("cadet"));
  const first = former ? { id: former.body.cadet_id, name: former.about.who, unit: "", studentId: "" } : (named.data ?? null);
  const termId = params.get("term") ?? String(terms.data?.data[0]?.id ?? "");
  const change = (term: string) =>
    setParams(
      (now) => {
        now.set("term", term);
        return now;
      },
      { replace: true },
    );
  return (
    <Page
      title={words.title}
      tools={
        <Select
          hideLabel
          label={gradebook.term}
          choices={(terms.data?.data ?? []).map((term) => ({ value: String(term.id), label: term.name }))}
          value={termId}
          onChange={(event) => change(event.target.value)}
        />
      }
    >
      <QueryView query={terms} what={words.what} skeleton={<SkeletonRows rows={5} columns={1} />}>
        {(page) =>
          page.data.length === 0 ? (
            <EmptyState icon="medal" title={words.noTerm} />
          ) : named.isLoading || !state.read ? (
            <SkeletonRows rows={5} columns={1} />
          ) : (
            <MeritForm
              key={params.get("change") ?? params.get("cadet") ?? "none"}
              termId={Number(termId)}
              first={first}
              {...(former ? { change: former } : {})}
            />
          )
        }
      </QueryView>
    </Page>
  );
}
