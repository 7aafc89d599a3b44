import { useParams, useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Chip, ErrorState, StaleBanner } from "@/components/ui";
import { UnitFilter } from "@/components/units/UnitFilter";
import { paths } from "@/config/paths";
import { useRollDay } from "@/features/roll-call/api/roll";
import { RollCall } from "@/features/roll-call/components/RollCall";
import { formatDay } from "@/lib/format";
import { rollCall as words } from "@/messages/roll-call";
import { terms } from "@/messages/terms";

export function Component() {
  const { trainingDayId = "" } = useParams();
  const day = useRollDay(trainingDayId);
  const [params, setParams] = useSearchParams();
  const filter = { company: params.get("company") ?? "", platoon: params.get("platoon") ?? "" };
  const choose = (name: "company" | "platoon", value: string) =>
    setParams(Object.fromEntries(Object.entries({ ...filter, [name]: value }).filter(([, chosen]) => chosen)), { replace: true });
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
      {day.error && !day.data ? (
        <ErrorState what={words.missing} error={day.error} onRetry={() => void day.refetch()} />
      ) : (
        <>
          {day.data?.is_cancelled ? <StaleBanner since={0}>{words.cancelled}</StaleBanner> : null}
          <RollCall key={`${trainingDayId}:${filter.company}:${filter.platoon}`} dayId={trainingDayId} filter={filter} />
        </>
      )}
    </Page>
  );
}
