import { useEffect } from "react";
import { useParams, useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Chip, QueryView, SkeletonRows, StaleBanner } from "@/components/ui";
import { UnitFilter } from "@/components/units/UnitFilter";
import { paths } from "@/config/paths";
import { DisagreementBanner } from "@/features/disagreements/components/DisagreementBanner";
import { useRollDay } from "@/features/roll-call/api/roll";
import { RollCall } from "@/features/roll-call/components/RollCall";
import { keepMyUnit, myUnit } from "@/features/roll-call/my-unit";
import { useUser } from "@/lib/auth";
import { formatDay } from "@/lib/format";
import { rollCall as words } from "@/messages/roll-call";
import { terms } from "@/messages/terms";

export function Component() {
  const { trainingDayId = "" } = useParams();
  const { id: userId } = useUser();
  const day = useRollDay(trainingDayId);
  const [params, setParams] = useSearchParams();
  // An address without a unit is a way in from a list of days: it opens on the unit that one marked last.
  const kept = params.has("company") || params.has("platoon") ? null : myUnit(userId);
  const filter = kept ?? { company: params.get("company") ?? "", platoon: params.get("platoon") ?? "" };
  const go = ({ company, platoon }: typeof filter) =>
    setParams({ ...(company || !platoon ? { company } : {}), ...(platoon ? { platoon } : {}) }, { replace: true });
  const choose = (name: "company" | "platoon", value: string) => {
    const next = { ...filter, [name]: value };
    keepMyUnit(userId, next);
    go(next);
  };
  useEffect(() => {
    if (kept) go(kept);
  });
  const tools = (
    <UnitFilter
      {...filter}
      onCompany={(company) => choose("company", company)}
      onPlatoon={(platoon) => choose("platoon", platoon)}
    />
  );
  const parent = day.data ? { to: paths.term(day.data.term_id), label: terms.one } : { to: paths.terms, label: terms.title };
  return (
    <Page
      title={day.data?.title ?? words.missing}
      subtitle={day.data ? <Chip icon="calendar">{formatDay(day.data.date)}</Chip> : undefined}
      parent={parent}
      layout="table"
      tools={tools}
    >
      <QueryView query={day} what={words.missing} skeleton={<SkeletonRows rows={12} columns={3} />}>
        {(one) => (
          <>
            <DisagreementBanner termId={one.term_id} dayId={one.id} />
            {one.is_cancelled ? <StaleBanner since={0}>{words.cancelled}</StaleBanner> : null}
            <RollCall key={`${one.id}:${filter.company}:${filter.platoon}`} day={one} filter={filter} />
          </>
        )}
      </QueryView>
    </Page>
  );
}
