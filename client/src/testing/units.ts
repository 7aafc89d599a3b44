import type { Unit } from "@/lib/units";

let last = 0;

/** A unit of the tree, as the server answers it. */
export const unit = (kind: string, name: string, more: Partial<Unit> = {}, children: Unit[] = []): Unit => ({
  id: ++last,
  kind,
  name,
  parent_id: null,
  sequence: 0,
  is_active: true,
  version: 1,
  cadets: 0,
  children,
  ...more,
});

export const battalion = (...children: Unit[]): Unit => unit("battalion", "Battalion", {}, children);
