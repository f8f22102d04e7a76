/** The background of a scene as CSS has it; null where the settings don't say. */
export function backgroundOf(settings: Readonly<Record<string, unknown>> | null): string | null {
  const look = (settings?.scene as { readonly look?: { readonly backgroundColor?: unknown } } | null | undefined)?.look;
  const channels = look?.backgroundColor;
  if (!Array.isArray(channels) || channels.length !== 3) return null;
  const [red, green, blue] = channels.map((one) => (typeof one === "number" ? Math.round(255 * one) : 0));
  return `rgb(${red} ${green} ${blue})`;
}
