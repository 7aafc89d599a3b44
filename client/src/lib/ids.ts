let lastTime = 0;
let sequence = 0;

/** A UUID of version 7: time-ordered, made on the device, and the identity of a record wherever it is stored. */
export function uuid7(now: number = Date.now()): string {
  // A clock that stands still or goes back must not make ids that sort before the earlier ones of this page.
  if (now > lastTime) {
    lastTime = now;
    sequence = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
  } else if (++sequence > 0xfff) {
    lastTime += 1;
    sequence = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0]! & 0x3f) | 0x80;
  const time = lastTime.toString(16).padStart(12, "0");
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, "0")}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
