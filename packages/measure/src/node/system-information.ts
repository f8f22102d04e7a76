/**
 * What the package `systeminformation` knows where there are no files to read: macOS and Windows.
 *
 * It is asked once, at the start, because it starts programs of the system for most answers (`sysctl`, PowerShell); what is
 * sampled there comes from the runtime. It is optional: without it each answer is a reason.
 * https://systeminformation.io
 */

/** One answer, or why there is none. */
export type Answer<Value> = { readonly value: Value } | { readonly reason: string };

export interface SystemAnswers {
  readonly physicalCores: Answer<number>;
  /** MHz. */
  readonly frequency: Answer<number>;
  readonly onBattery: Answer<boolean>;
  /** Of the processor, °C. */
  readonly temperature: Answer<number>;
  readonly adapters: Answer<{ card: string; vendor: string }[]>;
}

/** The part of the package that is used. Fields that a system does not give are null, empty, 0 or -1. */
interface Package {
  readonly cpu: () => Promise<{ physicalCores?: number; speed?: number }>;
  readonly battery: () => Promise<{ hasBattery?: boolean; acConnected?: boolean }>;
  readonly cpuTemperature: () => Promise<{ main?: number | null }>;
  readonly graphics: () => Promise<{ controllers?: { model?: string; vendor?: string }[] }>;
}

export async function askSystemInformation(
  load: (name: string) => Promise<unknown>,
  timeoutMs: number,
): Promise<SystemAnswers> {
  const ended = performance.now() + timeoutMs;
  const loaded = await within(load("systeminformation"), timeoutMs);
  if ("reason" in loaded) {
    const reason = /ERR_MODULE_NOT_FOUND|Cannot find/.test(loaded.reason)
      ? "the package systeminformation is not installed"
      : loaded.reason;
    const none = { reason };
    return { physicalCores: none, frequency: none, onBattery: none, temperature: none, adapters: none };
  }
  const imported = loaded.value as Package & { readonly default?: Package };
  const system = imported.default ?? imported;
  const ask = <Value>(question: keyof Package, pick: (answer: Record<string, unknown>) => Value | null) =>
    asked(system, question, pick, ended - performance.now());
  const positive = (value: unknown) => (typeof value === "number" && value > 0 ? value : null);
  const [physicalCores, frequency, onBattery, temperature, adapters] = await Promise.all([
    ask("cpu", ({ physicalCores }) => positive(physicalCores)),
    ask("cpu", ({ speed }) => (positive(speed) === null ? null : (speed as number) * 1000)),
    ask("battery", ({ hasBattery, acConnected }) =>
      typeof hasBattery === "boolean" ? hasBattery && acConnected !== true : null,
    ),
    ask("cpuTemperature", ({ main }) => positive(main)),
    ask("graphics", ({ controllers }) =>
      Array.isArray(controllers)
        ? controllers.map(({ model, vendor }) => ({ card: String(model ?? ""), vendor: String(vendor ?? "") }))
        : null,
    ),
  ]);
  return { physicalCores, frequency, onBattery, temperature, adapters };
}

async function asked<Value>(
  system: Package,
  question: keyof Package,
  pick: (answer: Record<string, unknown>) => Value | null,
  timeoutMs: number,
): Promise<Answer<Value>> {
  const start = async () => (await system[question]()) as Record<string, unknown>;
  const answer = await within(start(), timeoutMs);
  if ("reason" in answer) return { reason: `systeminformation ${question}: ${answer.reason}` };
  const value = answer.value && typeof answer.value === "object" ? pick(answer.value) : null;
  return value === null ? { reason: `systeminformation ${question} gives no figure on this system` } : { value };
}

/** What a promise comes to within a time. Never rejects. */
async function within<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Answer<Value>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ reason: string }>((resolve) => {
    timer = setTimeout(() => resolve({ reason: `no answer within ${Math.round(timeoutMs)} ms` }), timeoutMs);
  });
  const answer = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
