/** The one place that writes to the console: what failed, without names, tokens or marks of a person. */
export const log = {
  error(message: string, context: Record<string, unknown> = {}): void {
    console.error(`[rgms] ${message}`, context);
  },
};
