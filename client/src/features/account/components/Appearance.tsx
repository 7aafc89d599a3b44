import { useState } from "react";
import { Segmented } from "@/components/ui";
import { setTheme, THEMES, themeChoice } from "@/lib/theme";
import { account as words } from "@/messages/account";
import { common } from "@/messages/common";

export function Appearance() {
  const [choice, setChoice] = useState(themeChoice);
  return (
    <section className="card pad stack-small">
      <h2>{words.appearance}</h2>
      <Segmented
        label={common.theme.label}
        hideLabel
        value={choice}
        choices={THEMES.map((value) => ({ value, label: common.theme[value] }))}
        onChange={(next) => {
          setTheme(next);
          setChoice(next);
        }}
      />
      <p className="small muted">{common.theme.fieldHint}</p>
    </section>
  );
}
