import { gradeRun } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { oldForeign, oldRecord } from "./fixtures/records.ts";
import { machineAdvice, machineFacts } from "./machine-facts.ts";

describe("the machine of a run", () => {
  test("what was found out has a value with its unit, what was not has a reason", () => {
    const groups = machineFacts(oldRecord("passes"));
    const cpu = groups.find(({ name }) => name === "cpu")!;
    expect(cpu.facts).toContainEqual({ name: "name", value: "Intel(R) Xeon(R) Processor", source: null });
    expect(cpu.missing.find(({ name }) => name === "governor")!.reason).toContain("scaling_governor");
    for (const { missing } of groups) for (const { reason } of missing) expect(reason).not.toBe("");
    const sensors = groups.find(({ name }) => name === "sensors")!;
    const record = oldRecord("passes");
    expect(sensors.facts.length + sensors.missing.length).toBe(record.run.sensors.length);
  });

  test("a graphics card that was not seen has its reason and no zeros", () => {
    const gpu = machineFacts(oldRecord("passes")).find(({ name }) => name === "gpu")!;
    expect(gpu.facts).toEqual([]);
    expect(gpu.missing[0]!.reason).toContain("nvidia-smi");
  });

  test("another program's record shows what it has, or says that it has nothing", () => {
    const record = oldForeign();
    expect(machineFacts(record).length).toBeGreaterThan(0);
    const bare = { ...record, benchmark_data: { ...record.benchmark_data, system_info: undefined } };
    expect(machineFacts(bare as never)[0]!.missing[0]!.reason).toContain("does not describe its machine");
  });

  test("advice is what the machine's failed checks say, the heaviest first", () => {
    const grade = gradeRun(oldRecord("passes"));
    const advice = machineAdvice(grade);
    expect(advice.length).toBeGreaterThan(0);
    const caps = advice.map(({ code }) => grade.checks.find((check) => check.code === code)!.cap);
    expect(caps).toEqual(caps.toSorted().toReversed());
    expect(machineAdvice(null)).toEqual([]);
    const once = machineAdvice(gradeRun(oldRecord("once"))).map(({ action }) => action);
    expect(once).toEqual([...new Set(once)]);
  });
});
