/** Light, dark, or as the system has it. */
import { type MantineColorScheme, useMantineColorScheme } from "@mantine/core";
import { useKeys } from "./keys.ts";

const NEXT: Readonly<Record<MantineColorScheme, MantineColorScheme>> = { auto: "light", light: "dark", dark: "auto" };
const SIGN: Readonly<Record<MantineColorScheme, string>> = { auto: "◐", light: "○", dark: "●" };

export function ThemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = NEXT[colorScheme];
  const change = () => setColorScheme(next);
  useKeys("Everywhere", [{ key: "t", label: "Theme: light, dark, as the system", run: change }]);
  return (
    <button
      type="button"
      className="header-button"
      onClick={change}
      aria-label={`Theme is ${colorScheme}, change to ${next}`}
      title={`Theme: ${colorScheme}`}
    >
      <span aria-hidden="true">{SIGN[colorScheme]}</span>
      <span className="header-word">{colorScheme}</span>
    </button>
  );
}
