import { paths } from "@/config/paths";
import { common } from "@/messages/common";
import type { Fact } from "./facts";
import type { FactStore } from "./store";

const PREFIX = "rgms.marks.";

type FormerMark = { id: string; training_day_id: number; cadet_id: number; status: string; occurred_at: string } & {
  device_id: string;
  device_seq: number;
};

const isMark = (value: unknown): value is FormerMark =>
  typeof value === "object" && value !== null && "id" in value && "training_day_id" in value && "device_seq" in value;

function read(text: string | null): FormerMark[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter(isMark) : [];
  } catch {
    return [];
  }
}

/**
 * Moves the marks that an earlier version kept in localStorage, under `rgms.marks.<user id>`, to their owner's queue. They keep
 * their ids, so that one which was on its way is stored once.
 */
export async function takeOverMarks(store: FactStore, storage: Storage = localStorage): Promise<void> {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  for (const key of keys.filter((one) => one.startsWith(PREFIX))) {
    const owner = Number(key.slice(PREFIX.length));
    if (!Number.isInteger(owner)) continue;
    const facts = read(storage.getItem(key)).map((body): Fact => {
      const what = common.status[body.status as keyof typeof common.status] ?? body.status;
      const about = { who: "", what, where: "", to: paths.trainingDay(body.training_day_id) };
      return { kind: "attendance", body, about, id: body.id, owner, seq: body.device_seq, refusal: null };
    });
    await store.keep(facts);
    storage.removeItem(key);
  }
}
