import { Select } from "@/components/ui";
import { choicesOf } from "@/lib/choices";
import { unitNames, useUnits } from "@/lib/units";
import { units as words } from "@/messages/units";

type Props = {
  company: string;
  platoon: string;
  onCompany: (company: string) => void;
  onPlatoon: (platoon: string) => void;
};

/** Narrows a list to a company, a platoon of it, or a special unit. */
export function UnitFilter({ company, platoon, onCompany, onPlatoon }: Props) {
  const { data = [] } = useUnits();
  const names = unitNames(data, { company, which: "found" });
  return (
    <>
      <CompanyFilter label={words.company} company={company} onCompany={onCompany} />
      <Select
        hideLabel
        label={words.platoon}
        placeholder={words.allPlatoons}
        choices={choicesOf(names.platoons, platoon)}
        value={platoon}
        onChange={(event) => onPlatoon(event.target.value)}
      />
    </>
  );
}

export function CompanyFilter({ label, company, onCompany }: Pick<Props, "company" | "onCompany"> & { label: string }) {
  const { data = [] } = useUnits();
  return (
    <Select
      hideLabel
      label={label}
      placeholder={words.allCompanies}
      choices={choicesOf(unitNames(data, { which: "found" }).companies, company)}
      value={company}
      onChange={(event) => onCompany(event.target.value)}
    />
  );
}
