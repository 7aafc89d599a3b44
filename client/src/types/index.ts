import type { components } from "./api";

/** A shape of the server, by its name in the OpenAPI document: Schema<"Cadet">. Generated; `npm run types` renews it. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
